/**
 * The words everybody shares: settings, results, states, causes, listeners, snapshots.
 * <p>A setting is a record that refuses a bad value in its constructor; whoever holds one holds a good one. What may
 * happen on a network is a result here; an exception is left for what must not happen. These types do nothing: they
 * have no thread, no clock and no socket.
 * <p>Uses nothing of ours. Of Netty it knows three types that users hand in or are handed: {@code ByteBuf},
 * {@code SslContext} and {@code Ticker}.
 */
package io.wspool.api;
