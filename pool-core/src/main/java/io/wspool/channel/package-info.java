/**
 * One WebSocket connection, from dial to close.
 * <p>A channel is dialled, opened, drained and closed once, and never used again; a reconnect is a new object. All of
 * it runs on the channel's event loop; the methods that other threads may call say so. Here the decisions of
 * {@code health} are acted on, and every accepted message is kept in a ledger until its outcome is known.
 * <p>Uses {@code wire}, {@code health}, {@code loop}, {@code measure}, {@code api}. Does not know the pool: what the
 * pool must hear leaves through one small interface.
 */
package io.wspool.channel;
