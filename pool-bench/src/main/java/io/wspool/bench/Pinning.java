package io.wspool.bench;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Which processors the processes of a group get. Two threads that spin on one processor measure the scheduler. So do round trips that
 * sleep where the scheduler may choose: whether two threads that wake each other share a processor is decided early in the life of a
 * process, and then makes its figures, the one or the other way. With throughput the threads of a client are to run side by side.
 *
 * @param processors those that may be used; fewer than two, or no {@code taskset}: nothing is pinned
 */
record Pinning(List<Integer> processors) {
    static Pinning none() {
        return new Pinning(List.of());
    }

    boolean possible() {
        return processors.size() > 1;
    }

    private int last() {
        return processors.get(processors.size() - 1);
    }

    /** What stands before the server's command. */
    List<String> server(Group group) {
        return applies(group) ? List.of("taskset", "-c", processors.get(0).toString()) : List.of();
    }

    /** What stands before a client's: the last processor, since neighbours in number may be two threads of one core. */
    List<String> client(Group group, Contender contender) {
        if (!applies(group)) {
            return List.of();
        }
        // its loop spins beside its caller: two threads
        List<Integer> set =
                contender.mode().equals("spinning") ? processors.subList(1, processors.size()) : List.of(last());
        return List.of("taskset", "-c", set.stream().map(String::valueOf).collect(Collectors.joining(",")));
    }

    private boolean applies(Group group) {
        return possible() && (group.spinServer() || group.load().work().equals("pp"));
    }

    @Override
    public String toString() {
        if (!possible()) {
            return "none: no taskset, or one processor only";
        }
        String few = processors.size() == 2
                ? "; a spinning loop has to share it with its caller, which costs it dearly"
                : "";
        return "where the server spins, and in all round trips: server on processor " + processors.get(0)
                + ", clients on " + last() + few + "; other sleeping groups are not pinned";
    }
}
