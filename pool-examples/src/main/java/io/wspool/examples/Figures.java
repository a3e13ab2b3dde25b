package io.wspool.examples;

import io.wspool.api.PoolSnapshot;
import org.HdrHistogram.Histogram;

/**
 * What a board shows, at one moment.
 *
 * @param clock time since the start, as text
 * @param pool the pool
 * @param refused sends refused and tried again
 * @param ticks prices received
 * @param roundTrip of orders, in nanoseconds
 */
record Figures(String clock, PoolSnapshot pool, long refused, long ticks, Histogram roundTrip) {}
