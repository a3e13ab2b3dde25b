/*
 * Several threads that send on one connection, for the native clients. Each keeps its part of the window full and sleeps until half of it
 * is free; a thread of the connection's hands the answers over. The upper 16 bits of a message's number say whose it is.
 */
#ifndef SENDERS_H
#define SENDERS_H
#include "client.h"
#include <pthread.h>

enum { MOST_SENDERS = 64, NUMBER_SHIFT = 48, TIMED_OF = 64, TIMES = 1024 };

typedef struct Sender Sender;
struct Sender {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t room;
    const Options *o;
    void (*send)(Sender *, int);        /* so many of the next messages */
    uint64_t tag, begin, end;
    uint64_t sent;                      /* its own */
    uint64_t seen;                      /* written by the connection's thread */
    uint64_t wake_at;                   /* with so many answers; 0: it does not sleep */
    uint64_t sent_at[TIMES];            /* of one message in 64 */
    int window;
    unsigned char *frames;              /* of a client that makes them itself */
    uint32_t key;
};

static Sender senders[MOST_SENDERS];
static int senders_done;

static inline uint64_t next_sequence(Sender *s) { return s->tag | s->sent++; }

/* Sleeps until so many more may be sent. */
static void await_room(Sender *s, int room) {
    uint64_t answers = s->sent + (uint64_t) room - (uint64_t) s->window;
    pthread_mutex_lock(&s->lock);
    __atomic_store_n(&s->wake_at, answers, __ATOMIC_SEQ_CST); /* before the answers are looked at */
    while (__atomic_load_n(&s->seen, __ATOMIC_SEQ_CST) < answers) pthread_cond_wait(&s->room, &s->lock);
    __atomic_store_n(&s->wake_at, 0, __ATOMIC_SEQ_CST);
    pthread_mutex_unlock(&s->lock);
}

static void *keep_full(void *of) {
    Sender *s = (Sender *) of;
    for (uint64_t now = s->begin; now < s->end; now = now_nanos()) {
        int room = s->window - (int) (s->sent - __atomic_load_n(&s->seen, __ATOMIC_SEQ_CST));
        for (uint64_t n = s->sent; n < s->sent + (uint64_t) room; n++) if (n % TIMED_OF == 0) s->sent_at[n / TIMED_OF % TIMES] = now;
        s->send(s, room);
        await_room(s, s->window > 1 ? s->window / 2 : 1);
    }
    await_room(s, s->window);
    __atomic_add_fetch(&senders_done, 1, __ATOMIC_SEQ_CST);
    return NULL;
}

static void begin_senders(const Options *o, uint64_t begin, uint64_t end, void (*send)(Sender *, int)) {
    if (o->threads < 1 || o->threads > MOST_SENDERS || o->channels != 1) fail_with("1 to 64 threads send on one connection");
    senders_done = 0;
    for (int i = 0; i < o->threads; i++) {
        Sender *s = &senders[i];
        if (!s->o) {
            pthread_mutex_init(&s->lock, NULL);
            pthread_cond_init(&s->room, NULL);
            s->key = 0x9E3779B9u + (uint32_t) i;
        }
        s->o = o;
        s->send = send;
        s->tag = (uint64_t) i << NUMBER_SHIFT;
        s->window = o->window > o->threads ? o->window / o->threads : 1;
        s->begin = begin;
        s->end = end;
        if (pthread_create(&s->thread, NULL, keep_full, s)) fail_with("no thread can be started");
    }
}

/* The next answer, on the connection's thread; whether it is the one that is due. */
static int hand_over(const Options *o, uint64_t sequence, uint64_t now) {
    uint64_t number = sequence >> NUMBER_SHIFT;
    if (number >= (uint64_t) o->threads) return 0;
    Sender *s = &senders[number];
    uint64_t due = s->seen;
    if (due % TIMED_OF == 0) record(now - s->sent_at[due / TIMED_OF % TIMES]);
    __atomic_store_n(&s->seen, due + 1, __ATOMIC_SEQ_CST); /* before it is asked whether somebody sleeps */
    uint64_t wake_at = __atomic_load_n(&s->wake_at, __ATOMIC_SEQ_CST);
    if (wake_at && due + 1 == wake_at) {
        pthread_mutex_lock(&s->lock);
        pthread_cond_signal(&s->room);
        pthread_mutex_unlock(&s->lock);
    }
    return sequence == (s->tag | due);
}

static inline int senders_at_work(const Options *o) { return __atomic_load_n(&senders_done, __ATOMIC_SEQ_CST) < o->threads; }

static void join_senders(const Options *o) {
    for (int i = 0; i < o->threads; i++) pthread_join(senders[i].thread, NULL);
}
#endif
