/**
 * The Java contenders of the latency report, one process each: {@link io.wspool.bench.client.ClientMain} makes the one that is asked
 * for, connects, warms up, and then does a round of its work for each line on standard input.
 * <p>Two shapes: a {@link io.wspool.bench.client.PolledContender} is driven by the thread that sends, which never sleeps or sleeps in
 * the poll; all others answer on threads of their own, and the thread that sends parks meanwhile. Every library is used as its own
 * documentation says; the works are the same classes for all.
 */
@NullMarked
package io.wspool.bench.client;

import org.jspecify.annotations.NullMarked;
