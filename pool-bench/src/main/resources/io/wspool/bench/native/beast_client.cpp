/*
 * Boost.Beast as its documentation uses it: websocket::stream over an asio socket, with TCP_NODELAY, no compression, one frame a message,
 * one reused flat_buffer, its own masking keys. Spinning: async_read and async_write, carried on by io_context::poll. Sleeping: for
 * ping-pong the synchronous read and write, else io_context::run. Beast allows one write at a time, so each message is a write of its own.
 * Several threads that send post their messages to the io_context, where they wait in a queue for the write before.
 */
#include "client.h"
#include "senders.h"
#include <algorithm>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <boost/beast/version.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <boost/version.hpp>
#include <chrono>
#include <deque>
#include <exception>
#include <memory>
#include <string>
#include <thread>
#include <type_traits>
#include <vector>

namespace {
namespace net = boost::asio;
namespace beast = boost::beast;
namespace websocket = beast::websocket;
using error_code = beast::error_code;
using tcp = net::ip::tcp;
using Socket = net::basic_stream_socket<tcp, net::io_context::executor_type>;
using Timer = net::basic_waitable_timer<std::chrono::steady_clock, net::wait_traits<std::chrono::steady_clock>,
                                        net::io_context::executor_type>;
using Plain = websocket::stream<Socket, false>;
using Secure = websocket::stream<beast::ssl_stream<Socket>, false>;

enum { STAMPS = 1 << 16 };

void check(const error_code &error) {
    if (error) throw beast::system_error(error);
}

/* One connection: at most one read and one write are under way. */
template <class Stream> struct Connection {
    std::unique_ptr<Stream> ws;
    beast::flat_buffer in;
    std::vector<unsigned char> out;
    std::deque<uint64_t> queue; /* numbers of messages that other threads have posted */
    std::vector<uint64_t> stamp = std::vector<uint64_t>(STAMPS);
    uint64_t accepted = 0, sent = 0, seen = 0; /* messages asked for, given to Beast, answered */
    bool reading = false, writing = false;

    uint64_t outstanding() const { return accepted - seen; }
};

template <class Stream> class Client {
public:
    explicit Client(const Options &options) : o(options), spin(!strcmp(o.mode, "spin")), connections((size_t) o.channels) {
        tls.set_verify_mode(net::ssl::verify_none); /* the report's server has a certificate of its own */
        for (Connection<Stream> &c : connections) open(c);
    }

    void ping_pong(long millis) {
        Connection<Stream> &c = connections[0];
        start(millis);
        if (spin) {
            accept(c, begin);
            pump(c);
            turn();
        } else {
            for (now = begin; now < end;) {
                c.stamp[c.accepted++ % STAMPS] = now;
                store_sequence(c.out.data(), c.sent++);
                c.ws->write(net::buffer(c.out));
                c.ws->read(c.in);
                pong(c);
            }
        }
        print(done, now - begin);
    }

    void throughput(long millis) {
        start(millis);
        for (Connection<Stream> &c : connections) {
            for (int w = 0; w < o.window; w++) accept(c, begin);
            pump(c);
        }
        turn();
        print(done, now_nanos() - begin);
    }

    /* Latency from the time at which a message was to be sent. A sleeping client has a timer for that time. */
    void open_loop(long millis) {
        Connection<Stream> &c = connections[0];
        start(millis);
        gap = std::max<uint64_t>(1, (uint64_t) (1e9 / o.rate));
        due = begin;
        if (spin) {
            while (due < end) {
                accept_due(c);
                context.restart();
                context.poll();
            }
        } else {
            wait_for_due(c);
        }
        turn();
        print(done, now_nanos() - begin);
    }

    void fan_in(long millis) {
        Connection<Stream> &c = connections[0];
        start(millis);
        stopped = false;
        feeding = true;
        words = "feed " + std::to_string(o.bytes);
        pump(c);
        turn();
        print(measured, end - begin, counted_cpu);
    }

    void send_from_threads(long millis) {
        start(millis);
        shared = this;
        auto more = net::make_work_guard(context);
        begin_senders(&o, begin, end, [](Sender *s, int count) {
            for (int i = 0; i < count; i++) shared->post(next_sequence(s));
        });
        std::thread wait([this, &more] {
            join_senders(&o);
            more.reset();
        });
        turn();
        wait.join();
        print(done, now - begin);
    }

    void close() {
        error_code ignored;
        for (Connection<Stream> &c : connections) c.ws->close(websocket::close_code::normal, ignored);
    }

private:
    const Options &o; /* its rate changes between rounds */
    bool spin;
    /* one thread runs it, so it needs no locks, unless others post */
    net::io_context context{strcmp(o.work, "senders") ? BOOST_ASIO_CONCURRENCY_HINT_UNSAFE : 1};
    inline static Client *shared = nullptr; /* by threads that send */
    net::ssl::context tls{net::ssl::context::tls_client};
    Timer timer{context};
    std::vector<Connection<Stream>> connections;
    std::string words; /* of a text message under way */
    uint64_t begin = 0, end = 0, now = 0, cpu = 0, done = 0, wrong = 0, gap = 0, due = 0, measured = 0, counted_cpu = 0;
    bool feeding = false, stopped = false;
    enum { PING_PONG, THROUGHPUT, OPEN, SENDERS } const kind = !strcmp(o.work, "pp") ? PING_PONG : !strcmp(o.work, "tp") ? THROUGHPUT
            : !strcmp(o.work, "senders") ? SENDERS : OPEN;

    void open(Connection<Stream> &c) {
        if constexpr (std::is_same_v<Stream, Secure>) c.ws = std::make_unique<Stream>(context, tls);
        else c.ws = std::make_unique<Stream>(context);
        Socket &socket = beast::get_lowest_layer(*c.ws);
        socket.connect({net::ip::make_address(o.host), (unsigned short) o.port});
        socket.set_option(tcp::no_delay(true));
        if constexpr (std::is_same_v<Stream, Secure>) {
            name(c.ws->next_layer());
            c.ws->next_layer().handshake(net::ssl::stream_base::client);
        }
        c.ws->auto_fragment(false);
        c.ws->binary(true);
        c.ws->write_buffer_bytes(std::max<size_t>(4096, (size_t) o.bytes)); /* else a large message takes several writes */
        c.ws->handshake(o.host_header, o.path);
        c.in.reserve((size_t) o.bytes + 4096);
        c.out.resize((size_t) o.bytes);
    }

    /* A server that has several names chooses its certificate, and often itself, by the one in the greeting; an address is no name. */
    void name(beast::ssl_stream<Socket> &stream) {
        std::string host = o.host_header;
        error_code no_address;
        if (host[0] == '[') return;
        host = host.substr(0, host.find(':'));
        net::ip::make_address(host, no_address);
        if (no_address) SSL_set_tlsext_host_name(stream.native_handle(), host.c_str());
    }

    void start(long millis) {
        done = wrong = 0;
        begin = now_nanos();
        now = begin;
        end = begin + (uint64_t) millis * 1000000u;
        cpu = cpu_nanos();
    }

    void print(uint64_t messages, uint64_t nanos) { print(messages, nanos, cpu_nanos() - cpu); }

    void print(uint64_t messages, uint64_t nanos, uint64_t cpu_used) { print_round(messages, nanos, cpu_used, wrong); }

    /* Until nothing is under way. */
    void turn() {
        context.restart();
        if (spin) while (!context.stopped()) context.poll();
        else context.run();
    }

    void accept(Connection<Stream> &c, uint64_t time) { c.stamp[c.accepted++ % STAMPS] = time; }

    /* Keeps a write under way while there is one to do, then a read. */
    void pump(Connection<Stream> &c) {
        if (!c.writing && (c.sent < c.accepted || !words.empty())) write(c);
        if (!c.reading && (c.outstanding() > 0 || feeding)) read(c);
    }

    void write(Connection<Stream> &c) {
        c.writing = true;
        if (!words.empty()) {
            c.ws->text(true);
            c.ws->async_write(net::buffer(words), [this, &c](error_code error, size_t) {
                check(error);
                c.writing = false;
                words.clear();
                c.ws->binary(true);
            });
            return;
        }
        store_sequence(c.out.data(), next_number(c));
        c.ws->async_write(net::buffer(c.out), [this, &c](error_code error, size_t) {
            check(error);
            c.writing = false;
            pump(c);
        });
    }

    uint64_t next_number(Connection<Stream> &c) {
        uint64_t number = c.sent++;
        if (kind == SENDERS) {
            number = c.queue.front();
            c.queue.pop_front();
        }
        return number;
    }

    /* On a sender's thread. */
    void post(uint64_t number) {
        net::post(context, [this, number] {
            Connection<Stream> &c = connections[0];
            c.queue.push_back(number);
            c.accepted++;
            pump(c);
        });
    }

    void read(Connection<Stream> &c) {
        c.reading = true;
        c.ws->async_read(c.in, [this, &c](error_code error, size_t) {
            check(error);
            c.reading = false;
            if (feeding) fed(c);
            else if (kind == PING_PONG) pong(c);
            else if (kind == SENDERS) handed_over(c);
            else answered(c);
            pump(c);
        });
    }

    /* The answer in the buffer; it has the number that is due. */
    void verify(Connection<Stream> &c, uint64_t number) {
        if (!c.ws->got_binary() || c.in.size() != (size_t) o.bytes
                || load_sequence(static_cast<const unsigned char *>(c.in.cdata().data())) != number) wrong++;
        c.in.consume(c.in.size());
    }

    void pong(Connection<Stream> &c) {
        now = now_nanos();
        verify(c, c.seen);
        record(now - c.stamp[c.seen++ % STAMPS]);
        done++;
        if (spin && now < end) accept(c, now);
    }

    void handed_over(Connection<Stream> &c) {
        now = now_nanos();
        bool whole = c.ws->got_binary() && c.in.size() == (size_t) o.bytes;
        if (!whole || !hand_over(&o, load_sequence(static_cast<const unsigned char *>(c.in.cdata().data())), now)) wrong++;
        c.in.consume(c.in.size());
        c.seen++;
        done++;
    }

    void answered(Connection<Stream> &c) {
        verify(c, c.seen);
        if (kind == OPEN) record(now_nanos() - c.stamp[c.seen % STAMPS]);
        else if (c.seen % 64 == 0) {
            now = now_nanos();
            record(now - c.stamp[c.seen % STAMPS]);
        }
        c.seen++;
        done++;
        /* one message in 64 is timed: a clock read for each would be felt */
        if (kind == THROUGHPUT && now < end) accept(c, c.accepted % 64 == 0 ? now_nanos() : 0);
    }

    void accept_due(Connection<Stream> &c) {
        uint64_t time = now_nanos();
        for (; due <= time && due < end && c.outstanding() < STAMPS; due += gap) accept(c, due);
        pump(c);
    }

    void wait_for_due(Connection<Stream> &c) {
        accept_due(c);
        if (due >= end) return;
        uint64_t next = std::max(due, now_nanos());
        if (c.outstanding() == STAMPS) next += 1000000u; /* the server is that far behind */
        timer.expires_at(std::chrono::steady_clock::time_point(std::chrono::nanoseconds(next)));
        timer.async_wait([this, &c](error_code error) {
            check(error);
            wait_for_due(c);
        });
    }

    /* A message of the feed, or the echo of "stop", which is behind the last of them. */
    void fed(Connection<Stream> &c) {
        if (c.ws->got_text()) {
            c.in.consume(c.in.size());
            feeding = false;
            return;
        }
        verify(c, done++);
        if (!stopped && !c.writing && done % 16 == 0 && (now = now_nanos()) >= end) {
            stopped = true;
            measured = done;
            end = now;
            counted_cpu = cpu_nanos() - cpu;
            words = "stop";
        }
    }
};

template <class Stream> int serve(Options &o) {
    static Client<Stream> *client;
    static void (Client<Stream>::*work)(long);
    using C = Client<Stream>;
    work = !strcmp(o.work, "pp") ? &C::ping_pong : !strcmp(o.work, "tp") ? &C::throughput : !strcmp(o.work, "open") ? &C::open_loop
            : !strcmp(o.work, "fanin") ? &C::fan_in : !strcmp(o.work, "senders") ? &C::send_from_threads : nullptr;
    if (!work) fail_with(why_not(o.work));
    C made(o);
    client = &made;
    warming = 1;
    (made.*work)(o.warmup_ms);
    warming = 0;
    printf("{\"ready\":true,\"client\":\"beast\",\"version\":\"Boost %d.%d.%d, gcc %s\",\"note\":\"%s\"}\n", BOOST_VERSION / 100000,
           BOOST_VERSION / 100 % 1000, BOOST_VERSION % 100, __VERSION__, !strcmp(o.mode, "spin") ? "io_context::poll"
           : !strcmp(o.work, "pp") ? "synchronous read and write" : "io_context::run");
    fflush(stdout);
    int code = commands(&o, [](Options *, long millis) { (client->*work)(millis); });
    client->close();
    return code;
}
}

int main(int count, char **words) {
    Options o = parse(count, words);
    if (o.channels < 1 || o.window < 1 || o.window > STAMPS) fail_with("too few channels or too small or large a window");
    try {
        return o.tls ? serve<Secure>(o) : serve<Plain>(o);
    } catch (const std::exception &e) {
        std::string why = e.what();
        for (char &letter : why) if (letter == '"' || letter == '\\' || (unsigned char) letter < ' ') letter = '\'';
        fail_with(why.c_str());
    }
}
