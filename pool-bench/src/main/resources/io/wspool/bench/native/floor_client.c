/*
 * The floor: a WebSocket client over a raw socket with nothing around it. Sleeping (blocking reads) or spinning (non-blocking reads).
 * Frames are built in one buffer and leave in one write; answers are counted where they lie.
 */
#define _GNU_SOURCE
#include "client.h"
#include "senders.h"
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BUFFER = 1 << 18, STAMPS = 1 << 16, MOST = 64 };

typedef struct {
    int fd;
    uint64_t sent, seen;
    unsigned char in[BUFFER];
    size_t from, to;
    uint64_t stamp[STAMPS];
} Connection;

static Connection connections[MOST];
static unsigned char out[1 << 20];
static size_t out_bytes;
static int spin;
static uint64_t wrong;
static uint64_t state = 88172645463325252ull;

static uint32_t next_key(void) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t) state;
}

static void write_all(int fd, const unsigned char *bytes, size_t count) {
    while (count > 0) {
        ssize_t n = send(fd, bytes, count, MSG_NOSIGNAL);
        if (n > 0) { bytes += n; count -= (size_t) n; }
        else if (errno != EAGAIN && errno != EINTR) fail_with("write failed");
    }
}

/* A socket to an address, IPv4 or IPv6: names are looked up by whoever started this. */
static int connected(Options *o) {
    struct addrinfo wanted = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV}, *address;
    char port[16];
    snprintf(port, sizeof port, "%d", o->port);
    if (getaddrinfo(o->host, port, &wanted, &address)) fail_with("--host and --port are no address of a socket");
    int fd = socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) fail_with("no socket for this kind of address");
    if (connect(fd, address->ai_addr, address->ai_addrlen)) fail_with("connect failed");
    freeaddrinfo(address);
    return fd;
}

static void open_connection(Options *o, Connection *c) {
    c->fd = connected(o);
    int on = 1;
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    char head[8192];
    int n = snprintf(head, sizeof head,
            "GET %s HTTP/1.1\r\nHost: %s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n", o->path, o->host_header);
    if (n < 0 || (size_t) n >= sizeof head) fail_with("the path is too long");
    write_all(c->fd, (unsigned char *) head, (size_t) n);
    for (;;) {
        ssize_t got = recv(c->fd, c->in + c->to, BUFFER - c->to, 0);
        if (got <= 0) fail_with("no answer to the upgrade");
        c->to += (size_t) got;
        unsigned char *blank = memmem(c->in, c->to, "\r\n\r\n", 4);
        if (blank) {
            if (memcmp(c->in, "HTTP/1.1 101", 12)) fail_with("the upgrade was refused");
            c->from = (size_t) (blank + 4 - c->in);
            break;
        }
    }
    if (spin) fcntl(c->fd, F_SETFL, fcntl(c->fd, F_GETFL) | O_NONBLOCK);
}

/* Writes a frame; its bytes. */
static inline size_t put_frame(unsigned char *f, uint32_t key, int opcode, const unsigned char *payload, int length, int with_sequence,
                               uint64_t sequence) {
    size_t head = 6;
    f[0] = (unsigned char) (0x80 | opcode);
    if (length < 126) f[1] = (unsigned char) (0x80 | length);
    else { f[1] = 0xFE; f[2] = (unsigned char) (length >> 8); f[3] = (unsigned char) length; head = 8; }
    memcpy(f + head - 4, &key, 4);
    unsigned char *p = f + head;
    uint64_t mask = key | (uint64_t) key << 32;
    int i = 0;
    if (with_sequence) {
        uint64_t eight = __builtin_bswap64(sequence) ^ mask;
        memcpy(p, &eight, 8);
        i = 8;
    }
    for (; i + 8 <= length; i += 8) {
        uint64_t eight;
        memcpy(&eight, payload + i, 8);
        eight ^= mask;
        memcpy(p + i, &eight, 8);
    }
    for (; i < length; i++) p[i] = payload[i] ^ ((unsigned char *) &key)[i & 3];
    return head + (size_t) length;
}

static void add_frame(Connection *c, int opcode, const unsigned char *payload, int length, int with_sequence) {
    out_bytes += put_frame(out + out_bytes, next_key(), opcode, payload, length, with_sequence, c->sent);
}

static const unsigned char zeros[1 << 16];

static void add_message(Options *o, Connection *c) {
    add_frame(c, 2, zeros, o->bytes, 1);
    c->sent++;
}

static void flush_to(Connection *c) {
    if (out_bytes > 0) {
        write_all(c->fd, out, out_bytes);
        out_bytes = 0;
    }
}

/* Reads once; the count of bytes, 0 when spinning and none are there. */
static size_t fill(Connection *c) {
    if (c->from == c->to) c->from = c->to = 0;
    else if (c->from > 0) {
        memmove(c->in, c->in + c->from, c->to - c->from);
        c->to -= c->from;
        c->from = 0;
    }
    ssize_t n = recv(c->fd, c->in + c->to, BUFFER - c->to, 0);
    if (n > 0) { c->to += (size_t) n; return (size_t) n; }
    if (n == 0) fail_with("the server ended the connection");
    if (errno != EAGAIN && errno != EINTR) fail_with("read failed");
    return 0;
}

/* The next whole frame's payload, or NULL; pings are not expected here. */
static const unsigned char *next_frame(Connection *c, size_t *length, int *opcode) {
    size_t have = c->to - c->from, bytes, head = 2;
    const unsigned char *f = c->in + c->from;
    if (have < 2) return NULL;
    bytes = f[1] & 127;
    if (bytes == 126) {
        if (have < 4) return NULL;
        bytes = (size_t) f[2] << 8 | f[3];
        head = 4;
    } else if (bytes == 127) fail_with("a frame is larger than asked for");
    if (have < head + bytes) return NULL;
    c->from += head + bytes;
    *length = bytes;
    *opcode = f[0] & 15;
    return f + head;
}

/* Takes answers that are there; how many. */
static int answers(Options *o, Connection *c, int stamp_mask, uint64_t now) {
    size_t length;
    int opcode, count = 0;
    const unsigned char *payload;
    while ((payload = next_frame(c, &length, &opcode))) {
        if (opcode != 2) continue;
        if (length != (size_t) o->bytes || load_sequence(payload) != c->seen) wrong++;
        if (stamp_mask >= 0 && (c->seen & (uint64_t) stamp_mask) == 0) record(now - c->stamp[c->seen & (STAMPS - 1)]);
        c->seen++;
        count++;
    }
    return count;
}

static void ping_pong(Options *o, long millis) {
    Connection *c = connections;
    uint64_t begin = now_nanos(), end = begin + (uint64_t) millis * 1000000u, cpu = cpu_nanos(), first = c->sent;
    uint64_t sent_at = begin, now = begin;
    while (now < end) {
        add_message(o, c);
        flush_to(c);
        uint64_t before = c->seen;
        do {
            if (fill(c)) answers(o, c, -1, 0);
        } while (c->seen == before);
        now = now_nanos();
        record(now - sent_at);
        sent_at = now;
    }
    print_round(c->sent - first, now - begin, cpu_nanos() - cpu, wrong);
    wrong = 0;
}

static void throughput(Options *o, long millis) {
    uint64_t begin = now_nanos(), end = begin + (uint64_t) millis * 1000000u, cpu = cpu_nanos(), now = begin, done = 0;
    struct pollfd ready[MOST];
    int open = 0;
    for (int i = 0; i < o->channels; i++) ready[i] = (struct pollfd) {.fd = connections[i].fd, .events = POLLIN};
    for (int i = 0; i < o->channels; i++) {
        Connection *c = &connections[i];
        for (int w = 0; w < o->window; w++) {
            if ((c->sent & 63) == 0) c->stamp[c->sent & (STAMPS - 1)] = now;
            add_message(o, c);
        }
        flush_to(c);
        open += o->window;
    }
    while (open > 0) {
        if (!spin && o->channels > 1) poll(ready, (nfds_t) o->channels, -1);
        for (int i = 0; i < o->channels; i++) {
            Connection *c = &connections[i];
            if (!spin && o->channels > 1 && !(ready[i].revents & POLLIN)) continue;
            if (!fill(c)) continue;
            now = now_nanos();
            int n = answers(o, c, 63, now);
            done += (uint64_t) n;
            open -= n;
            if (now < end) {
                for (int w = 0; w < n; w++) {
                    if ((c->sent & 63) == 0) c->stamp[c->sent & (STAMPS - 1)] = now;
                    add_message(o, c);
                }
                open += n;
                flush_to(c);
            }
        }
    }
    print_round(done, now_nanos() - begin, cpu_nanos() - cpu, wrong);
    wrong = 0;
}

/* Latency from the time at which a message was to be sent. A sleeping client waits in poll for answers and for that time. */
static void open_loop(Options *o, long millis) {
    Connection *c = connections;
    uint64_t gap = (uint64_t) (1e9 / o->rate), begin = now_nanos(), end = begin + (uint64_t) millis * 1000000u, cpu = cpu_nanos();
    uint64_t due = begin, first = c->sent, limit = end + 2000000000u;
    if (gap == 0) gap = 1;
    for (;;) {
        uint64_t now = now_nanos();
        while (due <= now && due < end && c->sent - c->seen < STAMPS && out_bytes < sizeof out / 2) {
            c->stamp[c->sent & (STAMPS - 1)] = due;
            add_message(o, c);
            due += gap;
        }
        flush_to(c);
        if (due >= end && c->sent == c->seen) break;
        if (now > limit) { wrong += c->sent - c->seen; c->seen = c->sent; break; }
        if (!spin) {
            struct pollfd ready = {.fd = c->fd, .events = POLLIN};
            uint64_t wait = due < end && due > now ? due - now : due < end ? 0 : 10000000u;
            struct timespec t = {.tv_sec = 0, .tv_nsec = (long) (wait > 10000000u ? 10000000u : wait)};
            if (ppoll(&ready, 1, &t, NULL) <= 0) continue;
        }
        if (fill(c)) answers(o, c, 0, now_nanos());
    }
    print_round(c->sent - first, now_nanos() - begin, cpu_nanos() - cpu, wrong);
    wrong = 0;
}

static void fan_in(Options *o, long millis) {
    Connection *c = connections;
    char text[32];
    int n = snprintf(text, sizeof text, "feed %d", o->bytes);
    add_frame(c, 1, (unsigned char *) text, n, 0);
    flush_to(c);
    uint64_t begin = now_nanos(), end = begin + (uint64_t) millis * 1000000u, cpu = cpu_nanos(), now = begin, done = 0, measured = 0;
    uint64_t counted_cpu = 0;
    int stopped = 0, over = 0;
    while (!over) {
        if (!fill(c)) continue;
        now = now_nanos();
        size_t length;
        int opcode;
        const unsigned char *payload;
        while ((payload = next_frame(c, &length, &opcode))) {
            if (opcode == 1) { over = 1; break; }
            if (length != (size_t) o->bytes || load_sequence(payload) != done) wrong++;
            done++;
        }
        if (!stopped && now >= end) {
            stopped = 1;
            measured = done;
            counted_cpu = cpu_nanos() - cpu;
            end = now;
            add_frame(c, 1, (const unsigned char *) "stop", 4, 0);
            flush_to(c);
        }
    }
    print_round(measured, end - begin, counted_cpu, wrong);
    wrong = 0;
}

static pthread_mutex_t writing = PTHREAD_MUTEX_INITIALIZER;

/* A sender's messages leave in one write, under a lock: a write to a socket may be cut in two. */
static void send_together(Sender *s, int count) {
    if (!s->frames && !(s->frames = malloc((size_t) s->window * (size_t) (s->o->bytes + 8)))) fail_with("no memory");
    size_t bytes = 0;
    for (int i = 0; i < count; i++) {
        s->key = s->key * 1664525u + 1013904223u;
        bytes += put_frame(s->frames + bytes, s->key, 2, zeros, s->o->bytes, 1, next_sequence(s));
    }
    pthread_mutex_lock(&writing);
    write_all(connections[0].fd, s->frames, bytes);
    pthread_mutex_unlock(&writing);
}

static void send_from_threads(Options *o, long millis) {
    Connection *c = connections;
    struct timeval soon = {.tv_usec = 2000}; /* to look whether it is over, when no answer comes any more */
    setsockopt(c->fd, SOL_SOCKET, SO_RCVTIMEO, &soon, sizeof soon);
    uint64_t begin = now_nanos(), cpu = cpu_nanos(), done = 0, last = begin;
    begin_senders(o, begin, begin + (uint64_t) millis * 1000000u, send_together);
    while (senders_at_work(o)) {
        if (!fill(c)) continue;
        size_t length;
        int opcode;
        const unsigned char *payload;
        last = now_nanos();
        while ((payload = next_frame(c, &length, &opcode))) {
            if (opcode != 2) continue;
            if (!hand_over(o, load_sequence(payload), last) || length != (size_t) o->bytes) wrong++;
            done++;
        }
    }
    join_senders(o);
    print_round(done, last - begin, cpu_nanos() - cpu, wrong);
    wrong = 0;
}

int main(int count, char **words) {
    Options o = parse(count, words);
    spin = !strcmp(o.mode, "spin");
    if (o.tls) fail_with("the floor has no TLS");
    void (*run)(Options *, long) = !strcmp(o.work, "pp") ? ping_pong : !strcmp(o.work, "tp") ? throughput
            : !strcmp(o.work, "open") ? open_loop : !strcmp(o.work, "fanin") ? fan_in : !strcmp(o.work, "senders") ? send_from_threads : NULL;
    if (!run) fail_with(why_not(o.work));
    if (o.channels > MOST || o.window > STAMPS) fail_with("too many channels or too large a window");
    if ((size_t) o.window * (size_t) (o.bytes + 8) > sizeof out) fail_with("the window does not fit the buffer");
    for (int i = 0; i < o.channels; i++) open_connection(&o, &connections[i]);
    warming = 1;
    run(&o, o.warmup_ms);
    warming = 0;
    printf("{\"ready\":true,\"client\":\"c\",\"version\":\"gcc %s\",\"note\":\"raw socket, %s\"}\n", __VERSION__, spin ? "spinning" : "sleeping");
    fflush(stdout);
    return commands(&o, run);
}
