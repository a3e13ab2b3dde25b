/*
 * WebSocket echo server for measurements: one thread, epoll, all answers to one read in one write. Sleeping or spinning, ws and (with
 * WITH_TLS) wss. Prints {"port":N}; ends when its standard input ends. A text "feed N" starts a stream of N-byte binary messages on its
 * connection, as fast as the socket takes them, until any other message comes, which is echoed behind them.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>
#ifdef WITH_TLS
#include <openssl/err.h>
#include <openssl/ssl.h>
#endif

enum { IN_BYTES = 1 << 18, OUT_BYTES = 1 << 18, HOT = 8, MOST_BYTES = 1 << 26 };

typedef struct {
    int fd;
    int open;             /* the upgrade is done */
    int want_write;
    int closing;
    unsigned char *held;  /* the beginning of an unfinished frame or head */
    size_t held_bytes, held_capacity;
    unsigned char *rest;  /* what the socket refused */
    size_t rest_from, rest_bytes, rest_capacity;
    long feed;            /* bytes of each message, -1 for none */
    uint64_t fed;
#ifdef WITH_TLS
    SSL *ssl;
    int shaken;
#endif
} Connection;

static int epoll_fd, spin;
static unsigned char in[IN_BYTES + (1 << 16)], out[OUT_BYTES + (1 << 16)];
static size_t out_bytes;
static Connection *hot[HOT];
static int hot_count;
#ifdef WITH_TLS
static SSL_CTX *tls;
#endif

static void fail(const char *what) {
    printf("{\"error\":\"%s: %s\"}\n", what, strerror(errno));
    exit(1);
}

/* ---- SHA-1 and base64, for the one line of the handshake that needs them */

static uint32_t rol(uint32_t x, int n) { return (x << n) | (x >> (32 - n)); }

static void sha1(const unsigned char *text, size_t length, unsigned char digest[20]) {
    uint32_t h[5] = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0};
    unsigned char block[128] = {0};
    size_t padded = length + 9 <= 64 ? 64 : 128;
    memcpy(block, text, length);
    block[length] = 0x80;
    for (int i = 0; i < 8; i++) block[padded - 1 - i] = (unsigned char) ((uint64_t) length * 8 >> (8 * i));
    for (size_t from = 0; from < padded; from += 64) {
        uint32_t w[80], a = h[0], b = h[1], c = h[2], d = h[3], e = h[4];
        for (int i = 0; i < 16; i++) {
            const unsigned char *p = block + from + 4 * i;
            w[i] = (uint32_t) p[0] << 24 | (uint32_t) p[1] << 16 | (uint32_t) p[2] << 8 | p[3];
        }
        for (int i = 16; i < 80; i++) w[i] = rol(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
        for (int i = 0; i < 80; i++) {
            uint32_t f, k;
            if (i < 20) { f = (b & c) | (~b & d); k = 0x5A827999; }
            else if (i < 40) { f = b ^ c ^ d; k = 0x6ED9EBA1; }
            else if (i < 60) { f = (b & c) | (b & d) | (c & d); k = 0x8F1BBCDC; }
            else { f = b ^ c ^ d; k = 0xCA62C1D6; }
            uint32_t next = rol(a, 5) + f + e + k + w[i];
            e = d; d = c; c = rol(b, 30); b = a; a = next;
        }
        h[0] += a; h[1] += b; h[2] += c; h[3] += d; h[4] += e;
    }
    for (int i = 0; i < 20; i++) digest[i] = (unsigned char) (h[i / 4] >> (24 - 8 * (i % 4)));
}

static void base64(const unsigned char *bytes, int length, char *text) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (int i = 0; i < length; i += 3) {
        uint32_t three = (uint32_t) bytes[i] << 16 | (i + 1 < length ? (uint32_t) bytes[i + 1] << 8 : 0)
                | (i + 2 < length ? bytes[i + 2] : 0);
        *text++ = digits[three >> 18];
        *text++ = digits[three >> 12 & 63];
        *text++ = i + 1 < length ? digits[three >> 6 & 63] : '=';
        *text++ = i + 2 < length ? digits[three & 63] : '=';
    }
    *text = 0;
}

/* ---- bytes of one connection */

static ssize_t take(Connection *c, void *to, size_t most) {
#ifdef WITH_TLS
    if (c->ssl) {
        int n = SSL_read(c->ssl, to, (int) most);
        if (n > 0) return n;
        int why = SSL_get_error(c->ssl, n);
        if (why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE) { errno = EAGAIN; return -1; }
        ERR_clear_error();
        return 0;
    }
#endif
    return recv(c->fd, to, most, 0);
}

static ssize_t give(Connection *c, const void *from, size_t bytes) {
#ifdef WITH_TLS
    if (c->ssl) {
        int n = SSL_write(c->ssl, from, (int) bytes);
        if (n > 0) return n;
        int why = SSL_get_error(c->ssl, n);
        if (why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE) { errno = EAGAIN; return -1; }
        ERR_clear_error();
        errno = EPIPE;
        return -1;
    }
#endif
    return send(c->fd, from, bytes, MSG_NOSIGNAL);
}

static void interest(Connection *c, int write) {
    if (c->want_write != write) {
        struct epoll_event e = {.events = EPOLLIN | (write ? EPOLLOUT : 0), .data.ptr = c};
        c->want_write = write;
        if (epoll_ctl(epoll_fd, EPOLL_CTL_MOD, c->fd, &e)) fail("epoll_ctl");
    }
}

static void hold(unsigned char **to, size_t *capacity, size_t used, const void *from, size_t bytes) {
    if (used + bytes > *capacity) {
        *capacity = 2 * (used + bytes);
        *to = realloc(*to, *capacity);
        if (!*to) fail("realloc");
    }
    memcpy(*to + used, from, bytes);
}

static void end(Connection *c) {
    for (int i = 0; i < hot_count; i++) if (hot[i] == c) hot[i--] = hot[--hot_count];
    out_bytes = 0; /* answers that nobody will read */
#ifdef WITH_TLS
    if (c->ssl) SSL_free(c->ssl);
#endif
    close(c->fd);
    free(c->held);
    free(c->rest);
    free(c);
}

/* Sends what stands in out; what is refused waits with the connection. Returns 0 if the connection is over. */
static int flush_out(Connection *c) {
    size_t done = 0;
    while (c->rest_bytes == 0 && done < out_bytes) {
        ssize_t n = give(c, out + done, out_bytes - done);
        if (n > 0) done += (size_t) n;
        else if (errno == EAGAIN || errno == EWOULDBLOCK) break;
        else if (errno != EINTR) { out_bytes = 0; return 0; }
    }
    if (done < out_bytes) {
        if (c->rest_bytes == 0) c->rest_from = 0;
        hold(&c->rest, &c->rest_capacity, c->rest_from + c->rest_bytes, out + done, out_bytes - done);
        c->rest_bytes += out_bytes - done;
        interest(c, 1);
    }
    out_bytes = 0;
    return 1;
}

static int flush_rest(Connection *c) {
    while (c->rest_bytes > 0) {
        ssize_t n = give(c, c->rest + c->rest_from, c->rest_bytes);
        if (n > 0) { c->rest_from += (size_t) n; c->rest_bytes -= (size_t) n; }
        else if (errno == EAGAIN || errno == EWOULDBLOCK) return 1;
        else if (errno != EINTR) return 0;
    }
    c->rest_from = 0;
    if (c->feed < 0) interest(c, 0);
    return 1;
}

/* A frame whose first byte, FIN and opcode, is given. */
static int put(Connection *c, int first, const unsigned char *payload, size_t length) {
    while (length + 10 > OUT_BYTES - out_bytes) {
        if (out_bytes > 0) { if (!flush_out(c)) return 0; continue; }
        break;
    }
    unsigned char head[10];
    size_t bytes = 2;
    head[0] = (unsigned char) first;
    if (length < 126) head[1] = (unsigned char) length;
    else if (length < 65536) { head[1] = 126; head[2] = (unsigned char) (length >> 8); head[3] = (unsigned char) length; bytes = 4; }
    else { head[1] = 127; for (int i = 0; i < 8; i++) head[2 + i] = (unsigned char) ((uint64_t) length >> (56 - 8 * i)); bytes = 10; }
    if (length + bytes > OUT_BYTES) { /* larger than the buffer: head and payload go by themselves */
        memcpy(out, head, bytes);
        out_bytes = bytes;
        if (!flush_out(c)) return 0;
        for (size_t from = 0; from < length; from += OUT_BYTES) {
            out_bytes = length - from < OUT_BYTES ? length - from : OUT_BYTES;
            memcpy(out, payload + from, out_bytes);
            if (!flush_out(c)) return 0;
        }
        return 1;
    }
    memcpy(out + out_bytes, head, bytes);
    memcpy(out + out_bytes + bytes, payload, length);
    out_bytes += bytes + length;
    return 1;
}

static int feed_more(Connection *c) {
    static unsigned char payload[1 << 16];
    while (c->feed >= 0 && c->rest_bytes == 0) {
        while (out_bytes == 0 || out_bytes + (size_t) c->feed + 10 <= OUT_BYTES / 4) { /* a large one goes alone */
            for (int i = 0; i < 8 && i < c->feed; i++) payload[i] = (unsigned char) (c->fed >> (56 - 8 * i));
            c->fed++;
            if (!put(c, 0x82, payload, (size_t) c->feed)) return 0;
        }
        if (!flush_out(c)) return 0;
        break; /* one batch a turn, so that a stop is heard */
    }
    return 1;
}

static int message(Connection *c, int opcode, unsigned char *payload, size_t length) {
    if (opcode == 8) { c->closing = 1; return put(c, 0x88, payload, length > 2 ? 2 : length); }
    if (opcode == 9) return put(c, 0x8A, payload, length);
    if (opcode == 10) return 1;
    if (opcode == 1 && length > 5 && length < 16 && !memcmp(payload, "feed ", 5)) {
        char number[16] = {0};
        memcpy(number, payload + 5, length - 5);
        c->feed = atol(number);
        if (c->feed > 65536) c->feed = 65536;
        c->fed = 0;
        interest(c, 1);
        return 1;
    }
    if (c->feed >= 0) { c->feed = -1; if (c->rest_bytes == 0) interest(c, 0); }
    return put(c, 0x80 | opcode, payload, length);
}

/* Answers whole frames; returns how many bytes were used, or -1 if the connection is over. */
static ssize_t frames(Connection *c, unsigned char *bytes, size_t count) {
    size_t at = 0;
    while (count - at >= 2 && !c->closing) {
        unsigned char *frame = bytes + at;
        size_t length = frame[1] & 127, head = 6;
        if (length == 126) {
            if (count - at < 4) break;
            length = (size_t) frame[2] << 8 | frame[3];
            head = 8;
        } else if (length == 127) {
            if (count - at < 10) break;
            length = 0;
            for (int i = 0; i < 8; i++) length = length << 8 | frame[2 + i];
            head = 14;
        }
        if (!(frame[1] & 128) || length > MOST_BYTES) return -1;
        if (count - at < head + length) break;
        unsigned char *key = frame + head - 4, *payload = frame + head;
        uint64_t mask = 0;
        memcpy(&mask, key, 4);
        mask |= mask << 32;
        size_t i = 0;
        for (; i + 8 <= length; i += 8) {
            uint64_t eight;
            memcpy(&eight, payload + i, 8);
            eight ^= mask;
            memcpy(payload + i, &eight, 8);
        }
        for (; i < length; i++) payload[i] ^= key[i & 3];
        int opcode = frame[0] & 15;
        if (frame[0] & 128 && opcode != 0) { if (!message(c, opcode, payload, length)) return -1; }
        else if (!put(c, frame[0] & 0x8F, payload, length)) return -1; /* a fragment goes back as it came */
        at += head + length;
    }
    return (ssize_t) at;
}

static ssize_t upgrade(Connection *c, unsigned char *bytes, size_t count) {
    unsigned char *blank = memmem(bytes, count, "\r\n\r\n", 4);
    if (!blank) return count > 16384 ? -1 : 0;
    *blank = 0;
    char *key = strcasestr((char *) bytes, "\r\nSec-WebSocket-Key:");
    if (!key || strncmp((char *) bytes, "GET ", 4)) return -1;
    key += 20;
    while (*key == ' ') key++;
    size_t length = strcspn(key, " \r\n");
    char text[128];
    if (length > 60) return -1;
    snprintf(text, sizeof text, "%.*s258EAFA5-E914-47DA-95CA-C5AB0DC85B11", (int) length, key);
    unsigned char digest[20];
    char accept[32];
    sha1((unsigned char *) text, strlen(text), digest);
    base64(digest, 20, accept);
    out_bytes = (size_t) snprintf((char *) out, OUT_BYTES,
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n", accept);
    c->open = 1;
    return blank + 4 - bytes;
}

/* Returns bytes read, 0 for none now, -1 if the connection is over. */
static ssize_t serve(Connection *c) {
#ifdef WITH_TLS
    if (c->ssl && !c->shaken) {
        int n = SSL_accept(c->ssl);
        if (n <= 0) {
            int why = SSL_get_error(c->ssl, n);
            ERR_clear_error();
            return why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE ? 0 : -1;
        }
        c->shaken = 1;
    }
#endif
    if (c->rest_bytes > (1u << 24)) return 0; /* a peer that does not read is not read either */
    size_t held = c->held_bytes;
    unsigned char *bytes = in;
    if (held > 0) {
        if (c->held_capacity < held + IN_BYTES) {
            c->held_capacity = 2 * held + IN_BYTES;
            c->held = realloc(c->held, c->held_capacity);
            if (!c->held) fail("realloc");
        }
        bytes = c->held;
    }
    ssize_t n = take(c, bytes + held, IN_BYTES);
    if (n < 0) return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR ? 0 : -1;
    if (n == 0) return -1;
    size_t count = held + (size_t) n, at = 0;
    if (!c->open) {
        ssize_t used = upgrade(c, bytes, count);
        if (used < 0) return -1;
        at = (size_t) used;
    }
    if (c->open) {
        ssize_t used = frames(c, bytes + at, count - at);
        if (used < 0) return -1;
        at += (size_t) used;
    }
    size_t left = count - at;
    if (left > 0 && held > 0) memmove(c->held, c->held + at, left);
    else if (left > 0) hold(&c->held, &c->held_capacity, 0, in + at, left);
    c->held_bytes = left;
    if (left == 0 && c->held_capacity > 0) { free(c->held); c->held = NULL; c->held_capacity = 0; }
    if (out_bytes > 0 && !flush_out(c)) return -1;
    if (c->closing && c->rest_bytes == 0) return -1;
#ifdef WITH_TLS
    if (c->ssl && SSL_pending(c->ssl) > 0) return serve(c);
#endif
    return n;
}

static void accept_all(int listener) {
    for (;;) {
        int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0) return;
        int on = 1;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        Connection *c = calloc(1, sizeof *c);
        if (!c) fail("calloc");
        c->fd = fd;
        c->feed = -1;
#ifdef WITH_TLS
        if (tls) {
            c->ssl = SSL_new(tls);
            SSL_set_mode(c->ssl, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
            SSL_set_fd(c->ssl, fd);
        }
#endif
        struct epoll_event e = {.events = EPOLLIN, .data.ptr = c};
        if (epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &e)) fail("epoll_ctl");
    }
}

static void heat(Connection *c) {
    for (int i = 0; i < hot_count; i++) if (hot[i] == c) return;
    if (hot_count < HOT) hot[hot_count++] = c;
    else hot[rand() % HOT] = c;
}

int main(int count, char **words) {
    const char *cert = NULL, *key = NULL;
    for (int i = 1; i < count; i++) {
        const char *value = i + 1 < count ? words[i + 1] : "";
        if (!strcmp(words[i], "--mode")) spin = !strcmp(value, "spin");
        else if (!strcmp(words[i], "--tls-cert")) cert = value;
        else if (!strcmp(words[i], "--tls-key")) key = value;
        else { printf("{\"error\":\"unknown option %s\"}\n", words[i]); return 1; }
        i++;
    }
    signal(SIGPIPE, SIG_IGN);
    struct rlimit files;
    if (!getrlimit(RLIMIT_NOFILE, &files)) { files.rlim_cur = files.rlim_max; setrlimit(RLIMIT_NOFILE, &files); }
    if (cert) {
#ifdef WITH_TLS
        tls = SSL_CTX_new(TLS_server_method());
        SSL_CTX_set_min_proto_version(tls, TLS1_2_VERSION);
        if (!key || SSL_CTX_use_certificate_chain_file(tls, cert) != 1 || SSL_CTX_use_PrivateKey_file(tls, key, SSL_FILETYPE_PEM) != 1) {
            printf("{\"error\":\"certificate or key cannot be read\"}\n");
            return 1;
        }
#else
        (void) key;
        printf("{\"error\":\"this server was built without TLS\"}\n");
        return 1;
#endif
    }
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), on = 1;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(listener, (struct sockaddr *) &address, sizeof address) || listen(listener, 4096)) fail("listen");
    getsockname(listener, (struct sockaddr *) &address, &length);
    epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event e = {.events = EPOLLIN, .data.ptr = &listener};
    epoll_ctl(epoll_fd, EPOLL_CTL_ADD, listener, &e);
    static int input; /* its address marks the event */
    e.data.ptr = &input;
    fcntl(0, F_SETFL, fcntl(0, F_GETFL) | O_NONBLOCK);
    epoll_ctl(epoll_fd, EPOLL_CTL_ADD, 0, &e);
    printf("{\"port\":%d}\n", ntohs(address.sin_port));
    fflush(stdout);
    struct epoll_event ready[256];
    for (unsigned turns = 0;; turns++) {
        int busy = 0;
        if (spin && hot_count > 0 && turns % 64 != 0) {
            for (int i = hot_count - 1; i >= 0; i--) {
                if (i >= hot_count) continue;
                Connection *c = hot[i];
                ssize_t n = serve(c);
                int over = n < 0;
                if (!over && c->feed >= 0) { over = !flush_rest(c) || !feed_more(c); n = 1; }
                if (over) end(c);
                busy |= n > 0;
            }
            if (busy || turns % 64 != 63) continue;
        }
        int n = epoll_wait(epoll_fd, ready, 256, spin ? 0 : -1);
        for (int i = 0; i < n; i++) {
            if (ready[i].data.ptr == &listener) accept_all(listener);
            else if (ready[i].data.ptr == &input) {
                char ignored[256];
                ssize_t got = read(0, ignored, sizeof ignored);
                if (got == 0 || (got < 0 && errno != EAGAIN)) return 0;
            } else {
                Connection *c = ready[i].data.ptr;
                int over = 0;
                if (ready[i].events & EPOLLOUT) over = !flush_rest(c) || !feed_more(c);
                if (!over && ready[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) {
                    ssize_t got = serve(c);
                    over = got < 0;
                    if (got > 0 && spin && c->open) heat(c);
                }
                if (over) {
                    end(c);
                    for (int j = i + 1; j < n; j++) if (ready[j].data.ptr == c) ready[j].events = 0;
                }
            }
        }
    }
}
