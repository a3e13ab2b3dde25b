package io.wspool.bench.client;

/** A library that the sending thread drives itself: everything is received inside {@link #poll}, on that thread. */
interface PolledContender extends Contender {
    /** Serves the connections once. */
    void poll();
}
