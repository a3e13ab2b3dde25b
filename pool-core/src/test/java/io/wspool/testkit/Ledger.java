package io.wspool.testkit;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a server has read, in its own words: each binary message that begins with an id of eight bytes, when, and where. */
public final class Ledger {
    /**
     * One message.
     *
     * @param id its first eight bytes
     * @param connection where it was read
     * @param position which data message of its connection it was, from 1
     * @param atNanos when it had been read whole
     */
    public record Entry(long id, ServerConnection connection, long position, long atNanos) {}

    private final Map<Long, Entry> entries = new HashMap<>();
    private final List<Entry> inOrder = new ArrayList<>();
    private final List<Entry> duplicates = new ArrayList<>();
    private final List<Consumer<Entry>> listeners = new ArrayList<>();

    Ledger() {}

    void read(Entry entry) {
        inOrder.add(entry);
        if (entries.putIfAbsent(entry.id, entry) != null) {
            duplicates.add(entry);
        }
        listeners.forEach(listener -> listener.accept(entry));
    }

    void onRead(Consumer<Entry> listener) {
        listeners.add(listener);
    }

    /** Whether it was read. */
    public boolean contains(long id) {
        return entries.containsKey(id);
    }

    /** Where it was read first, or null. */
    public @Nullable Entry find(long id) {
        return entries.get(id);
    }

    /** All that was read, in order, duplicates included. */
    public List<Entry> entries() {
        return Collections.unmodifiableList(inOrder);
    }

    /** The ids that one connection has read, in order. */
    public List<Long> idsOf(ServerConnection connection) {
        return inOrder.stream()
                .filter(entry -> entry.connection == connection)
                .map(Entry::id)
                .toList();
    }

    /** What was read again. */
    public List<Entry> duplicates() {
        return Collections.unmodifiableList(duplicates);
    }

    /** How many different messages were read. */
    public int size() {
        return entries.size();
    }
}
