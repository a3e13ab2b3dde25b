/**
 * What is counted: round trips and latencies in histograms, messages and bytes in counters.
 * <p>A recorder is written by one event loop and read by anybody; a reading costs the reader, never the sender. No type
 * of the histogram library leaves this room through a public signature.
 * <p>Uses {@code api}.
 */
package io.wspool.measure;
