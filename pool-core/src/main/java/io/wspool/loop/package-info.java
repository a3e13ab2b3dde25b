/**
 * Threads and time: event loops and their modes, transports, the hand-off from senders to a loop, send and receive
 * buffers, thread names.
 * <p>The one clock and the one source of chance are here, and nowhere else in the library: whoever owns a loop can
 * replace both, which is how a test repeats a run exactly. The build refuses a second clock.
 * <p>Uses {@code api}. Does not know what the bytes mean.
 */
package io.wspool.loop;
