package io.wspool.bench;

import io.wspool.bench.LineProcess.Broken;
import java.util.List;

/** How the processes of a group are started. Tests have another one than the report. */
interface Tools {
    /**
     * The server of a group.
     *
     * @throws Broken if it cannot be had, with the reason
     */
    Server server(Group group) throws Broken;

    /**
     * The command of a contender.
     *
     * @throws Broken if it cannot take part, with the reason
     */
    List<String> client(Group group, Contender contender, Server server, String host, int port) throws Broken;

    /**
     * Where a server comes from.
     *
     * @param name in the results: {@code c/spin}, {@code java/block}, or its address
     * @param command that starts it; empty where it runs already
     * @param host of one that runs already
     * @param port of one that runs already
     */
    record Server(String name, List<String> command, String host, int port) {}
}
