/*
 * What the C and C++ clients of the latency report share: options, the commands on standard input, the histogram, the line of a round.
 * A client answers "round MILLIS", "rate R" and "quit"; between two commands it sleeps in its read.
 */
#ifndef WSPOOL_CLIENT_H
#define WSPOOL_CLIENT_H
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct {
    const char *host, *host_header, *client, *mode, *work, *path;
    int port, tls, bytes, window, channels, threads;
    double rate;
    long warmup_ms;
} Options;

enum { SUB = 2048, SHIFTS = 44 };

typedef struct {
    uint64_t counts[SHIFTS][SUB];
} Histogram;

static Histogram histogram;
static int warming; /* rounds are not told yet */

static inline uint64_t now_nanos(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t) t.tv_sec * 1000000000u + (uint64_t) t.tv_nsec;
}

static inline uint64_t cpu_nanos(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (uint64_t) t.tv_sec * 1000000000u + (uint64_t) t.tv_nsec;
}

/* Three significant digits, as the Java clients' histograms have. */
static inline void record(uint64_t nanos) {
    int bits = 64 - __builtin_clzll(nanos | 1);
    int shift = bits > 11 ? bits - 11 : 0;
    histogram.counts[shift][(nanos >> shift) & (SUB - 1)]++;
}

static void fail_with(const char *message) {
    printf("{\"error\":\"%s\"}\n", message);
    fflush(stdout);
    exit(1);
}

static void print_round(uint64_t messages, uint64_t nanos, uint64_t cpu, uint64_t wrong) {
    if (warming) {
        memset(&histogram, 0, sizeof histogram);
        return;
    }
    printf("{\"messages\":%llu,\"nanos\":%llu,\"cpuNanos\":%llu,\"allocBytes\":-1,\"wrong\":%llu,\"hist\":\"",
           (unsigned long long) messages, (unsigned long long) nanos, (unsigned long long) cpu, (unsigned long long) wrong);
    const char *comma = "";
    for (int shift = 0; shift < SHIFTS; shift++) {
        for (int sub = 0; sub < SUB; sub++) {
            uint64_t n = histogram.counts[shift][sub];
            if (n) {
                printf("%s%llu:%llu", comma, (unsigned long long) ((uint64_t) sub << shift), (unsigned long long) n);
                comma = ",";
            }
        }
    }
    printf("\"}\n");
    fflush(stdout);
    memset(&histogram, 0, sizeof histogram);
}

static Options parse(int count, char **words) {
    static char host_header[128];
    Options o = {.host = "127.0.0.1", .host_header = NULL, .client = "", .mode = "block", .work = "pp", .path = "/", .port = 0, .tls = 0, .bytes = 64,
                 .window = 1, .channels = 1, .threads = 1, .rate = 1000, .warmup_ms = 500};
    for (int i = 1; i < count; i++) {
        const char *w = words[i];
        if (!strcmp(w, "--tls")) { o.tls = 1; continue; }
        if (i + 1 >= count) fail_with("an option has no value");
        const char *v = words[++i];
        if (!strcmp(w, "--host")) o.host = v;
        else if (!strcmp(w, "--host-header")) o.host_header = v;
        else if (!strcmp(w, "--port")) o.port = atoi(v);
        else if (!strcmp(w, "--client")) o.client = v;
        else if (!strcmp(w, "--mode")) o.mode = v;
        else if (!strcmp(w, "--work")) o.work = v;
        else if (!strcmp(w, "--bytes")) o.bytes = atoi(v);
        else if (!strcmp(w, "--window")) o.window = atoi(v);
        else if (!strcmp(w, "--channels")) o.channels = atoi(v);
        else if (!strcmp(w, "--threads")) o.threads = atoi(v);
        else if (!strcmp(w, "--rate")) o.rate = atof(v);
        else if (!strcmp(w, "--warmup-ms")) o.warmup_ms = atol(v);
        else if (!strcmp(w, "--path")) o.path = v;
        else { char text[256]; snprintf(text, sizeof text, "unknown option %s", w); fail_with(text); }
    }
    if (!o.host_header) {
        snprintf(host_header, sizeof host_header, strchr(o.host, ':') ? "[%s]:%d" : "%s:%d", o.host, o.port);
        o.host_header = host_header;
    }
    if (o.bytes < 8 || o.bytes > 65535) fail_with("--bytes must be 8 to 65535");
    return o;
}

/* Why a native client cannot do a work that it does not know. */
static const char *why_not(const char *work) {
    return !strcmp(work, "notice") ? "it has no timeout by which it could notice, unless its user sets one"
            : !strcmp(work, "idle") ? "what it holds is not on the heap of a JVM, which is what is counted" : "it does not know this work";
}

static inline void store_sequence(unsigned char *to, uint64_t sequence) {
    sequence = __builtin_bswap64(sequence);
    memcpy(to, &sequence, 8);
}

static inline uint64_t load_sequence(const unsigned char *from) {
    uint64_t sequence;
    memcpy(&sequence, from, 8);
    return __builtin_bswap64(sequence);
}

/* Reads commands; run(millis) does a round and prints its line. */
static int commands(Options *o, void (*run)(Options *, long)) {
    char line[256];
    while (fgets(line, sizeof line, stdin)) {
        long millis;
        double rate;
        if (sscanf(line, "round %ld", &millis) == 1) run(o, millis);
        else if (sscanf(line, "rate %lf", &rate) == 1) { o->rate = rate; printf("{\"rate\":%g}\n", rate); fflush(stdout); }
        else if (!strncmp(line, "quit", 4)) return 0;
        else fail_with("unknown command");
    }
    return 0;
}
#endif
