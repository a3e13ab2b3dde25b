/**
 * The latency report: client processes of many libraries against one server process, in short interleaved rounds, and what is
 * written about them.
 * <p>{@link io.wspool.bench.LatencyReport} is the command, {@link io.wspool.bench.Plan} what is run,
 * {@link io.wspool.bench.Rounds} how, {@link io.wspool.bench.Ratios} what it is compared with, and
 * {@link io.wspool.bench.ReportPage} what is seen. Speed is always a ratio within one run.
 */
@NullMarked
package io.wspool.bench;

import org.jspecify.annotations.NullMarked;
