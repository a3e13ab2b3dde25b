package io.wspool.testkit;

import io.wspool.loop.NameResolver;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The world's names. A server's name resolves at once (inside the call or just after it, as the seed has it) until it is
 * told otherwise; others are unknown.
 */
public final class Names implements NameResolver {
    private enum Way {
        ANSWER,
        FAIL,
        NEVER
    }

    private record Plan(Way way, long delayNanos) {}

    private static final Plan AT_ONCE = new Plan(Way.ANSWER, 0);

    private final World world;
    private final Map<String, InetAddress> addresses = new HashMap<>();
    private final Map<String, Plan> plans = new HashMap<>();
    private int asked;

    Names(World world) {
        this.world = world;
    }

    /** From now on the name resolves, after {@code delay}. */
    public Names answer(String host, Duration delay) {
        plans.put(host, new Plan(Way.ANSWER, delay.toNanos()));
        return this;
    }

    /** From now on the name is unknown, which is told after {@code delay}. */
    public Names fail(String host, Duration delay) {
        plans.put(host, new Plan(Way.FAIL, delay.toNanos()));
        return this;
    }

    /** From now on nothing is heard of the name. */
    public Names never(String host) {
        plans.put(host, new Plan(Way.NEVER, 0));
        return this;
    }

    /** How many look-ups there have been. */
    public int asked() {
        return asked;
    }

    InetAddress addressOf(String host) {
        return addresses.computeIfAbsent(host, name -> {
            int number = addresses.size() + 1;
            byte[] octets = {10, 0, (byte) (number >> 8), (byte) number};
            try {
                return InetAddress.getByAddress(name, octets);
            } catch (UnknownHostException e) {
                throw new AssertionError(e); // four octets are an address
            }
        });
    }

    @Override
    public void resolve(String host, int port, Callback callback) {
        asked++;
        Plan plan = plans.getOrDefault(host, AT_ONCE);
        if (plan.way == Way.NEVER) {
            return;
        }
        Runnable answer = () -> answer(host, port, plan, callback);
        if (plan.delayNanos == 0 && world.between(0, 1) == 0) {
            answer.run();
        } else {
            world.at(world.nowNanos() + plan.delayNanos, answer);
        }
    }

    private void answer(String host, int port, Plan plan, Callback callback) {
        InetAddress address = addresses.get(host);
        if (plan.way == Way.FAIL || address == null) {
            callback.resolved(null, new UnknownHostException(host));
        } else {
            callback.resolved(List.of(new InetSocketAddress(address, port)), null);
        }
    }

    /** Nothing to end. */
    @Override
    public void close() {}
}
