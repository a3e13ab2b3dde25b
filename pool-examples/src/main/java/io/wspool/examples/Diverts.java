package io.wspool.examples;

import io.wspool.api.PooledChannel;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Measures, per fault, how long orders were without a working way: the server tells what it reads, the pool's events tell
 * what the pool has noticed. Only the newest fault is measured. Any thread; one volatile read per order.
 */
final class Diverts {
    private final List<Fault> faults = new CopyOnWriteArrayList<>();
    private final Map<Integer, String> nameOf = new ConcurrentHashMap<>();
    private final Map<Long, Integer> connectionOf = new ConcurrentHashMap<>();
    private volatile @Nullable Fault newest;

    /** The server has said which of its connections this channel is. */
    void welcome(PooledChannel channel, int connection) {
        nameOf.put(connection, nameOf(channel.name(), channel.id()));
        connectionOf.put(channel.id(), connection);
    }

    /** What the pool calls these connections of the server. */
    String names(Set<Integer> connections) {
        return new TreeSet<>(connections)
                .stream()
                        .map(number -> nameOf.getOrDefault(number, "connection " + number))
                        .collect(Collectors.joining(", "));
    }

    /** Called just before the blow: from now on it is measured. */
    void strike(String what, Set<Integer> connections) {
        Fault fault = new Fault(what, names(connections), connections);
        faults.add(fault);
        newest = fault;
    }

    /** The server has read an order; a thread of the server's. */
    void orderRead(int connection, long sentNanos) {
        Fault fault = newest;
        if (fault != null && fault.divertNanos() < 0 && sentNanos - fault.atNanos() >= 0 && !fault.struck(connection)) {
            fault.diverted();
        }
    }

    /** A channel's standing is no longer good, or it is no longer open. */
    void left(long channelId, String as) {
        Fault fault = newest;
        Integer connection = connectionOf.get(channelId);
        if (fault != null && connection != null && fault.struck(connection)) {
            fault.noticed(as);
        }
    }

    List<Fault> faults() {
        return faults;
    }

    /** How a life is called on the screen: {@code demo/2#7}. */
    static String nameOf(String name, long id) {
        return name + "#" + id;
    }
}
