package io.wspool.bench;

import com.fasterxml.jackson.jr.ob.JSON;
import io.wspool.bench.LineProcess.Broken;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** One client: connected and warm after {@link #awaitReady}, then one line for each round. Quiet between rounds. */
final class ClientProcess implements AutoCloseable {
    /** A round ends when its answers are in; a client that loses some waits for them. */
    private static final Duration GRACE = Duration.ofSeconds(10);

    private final LineProcess process;
    private final Duration grace;

    ClientProcess(List<String> command, Path errors) throws Broken {
        this(command, errors, GRACE);
    }

    ClientProcess(List<String> command, Path errors, Duration grace) throws Broken {
        this.process = new LineProcess(command, errors);
        this.grace = grace;
    }

    /** Waits until it is connected and warm, and notes what it says about itself. */
    void awaitReady(Duration patience, Series series) throws Broken {
        Map<String, Object> ready = answer(process.next(patience));
        if (!Boolean.TRUE.equals(ready.get("ready"))) {
            throw new Broken("is not ready but says " + ready);
        }
        series.version = String.valueOf(ready.getOrDefault("version", ""));
        series.note = String.valueOf(ready.getOrDefault("note", ""));
    }

    /** Begins a round; {@link #endRound} waits for its line. */
    void beginRound(int millis) throws Broken {
        process.send("round " + millis);
    }

    Sample endRound(int millis) throws Broken {
        String line = process.next(grace.plusMillis(millis));
        answer(line);
        try {
            return Sample.parse(line);
        } catch (IOException e) {
            throw new Broken(String.valueOf(e.getMessage()));
        }
    }

    Sample round(int millis) throws Broken {
        beginRound(millis);
        return endRound(millis);
    }

    /** Sets the rate of an open loop, in messages a second. */
    void rate(double perSecond) throws Broken {
        process.send("rate " + Math.max(1, Math.round(perSecond)));
        answer(process.next(grace));
    }

    private static Map<String, Object> answer(String line) throws Broken {
        Map<String, Object> map;
        try {
            map = JSON.std.mapFrom(line);
        } catch (IOException e) {
            throw new Broken("said what is no JSON: " + (line.length() > 100 ? line.substring(0, 100) + "…" : line));
        }
        if (map.get("error") instanceof String error) {
            throw new Broken(error);
        }
        return map;
    }

    @Override
    public void close() {
        process.close();
    }
}
