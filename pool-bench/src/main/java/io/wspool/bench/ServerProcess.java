package io.wspool.bench;

import com.fasterxml.jackson.jr.ob.JSON;
import io.wspool.bench.LineProcess.Broken;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The server of a group. It ends with its standard input, or with the report if that is ended while the server is stopped. */
final class ServerProcess implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final LineProcess process;
    private final int port;

    ServerProcess(List<String> command, Path errors) throws Broken {
        process = new LineProcess(command, errors);
        try {
            port = port(process.next(PATIENCE));
        } catch (Broken e) {
            process.close();
            throw new Broken("the server " + e.reason());
        }
    }

    private static int port(String line) throws Broken {
        try {
            Map<String, Object> map = JSON.std.mapFrom(line);
            if (map.get("port") instanceof Number port) {
                return port.intValue();
            }
        } catch (IOException e) {
            // as below
        }
        throw new Broken("names no port but says " + line);
    }

    int port() {
        return port;
    }

    /** Stops it as a hung machine would: its sockets stay, nothing is answered. */
    void freeze() throws Broken {
        signal("STOP");
    }

    void thaw() throws Broken {
        signal("CONT");
    }

    private void signal(String name) throws Broken {
        try {
            Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
            if (kill.waitFor() != 0) {
                throw new Broken("the server's process takes no signal " + name);
            }
        } catch (IOException e) {
            throw new Broken("there is no kill command: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Broken("interrupted");
        }
    }

    @Override
    public void close() {
        process.close();
    }
}
