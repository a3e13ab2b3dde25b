package io.wspool;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.wspool.api.BudgetSettings;
import io.wspool.api.CloseSettings;
import io.wspool.api.LoopMode;
import io.wspool.api.Message;
import io.wspool.api.MessageListener;
import io.wspool.api.OutcomeListener;
import io.wspool.api.PoolSettings;
import io.wspool.api.PooledChannel;
import io.wspool.api.SendResult;
import io.wspool.loop.SystemEnvironment;
import io.wspool.loop.TransportChoice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/**
 * Sends messages of every kind through private pools, with sockets, mode and dispatch of the user's, to an echo on loopback: so that
 * classes are loaded, and the just-in-time compiler has compiled the ways of a message out and in. One thread, once.
 * <p>Three pools, one after the other, with listeners of three classes. With one class the compiler would build that one's code into
 * ours, and throw the result away when it meets the user's; from the third on it compiles a plain call, which holds for any class.
 */
final class Rehearsal {
    static final int SHORT_ROUND = 1_000;
    static final int LONG_ROUND = 20_000;
    private static final int ROUNDS = 3;

    /** One more than the dispatcher looks at one by one: it then draws two, as for any larger number. */
    private static final int MOST_CHANNELS = Dispatcher.SCANNED + 1;

    private static final int BYTES = 64;
    private static final int BURST = 8;
    private static final CloseSettings QUICK = new CloseSettings(Duration.ofMillis(200), Duration.ofMillis(200));
    private static final BudgetSettings DIALS = new BudgetSettings(1_000, 1_000, MOST_CHANNELS);

    private final PoolSettings settings;
    private final boolean polled;
    private final LongSupplier clock;
    private final long due;
    private final Runnable meanwhile;

    private final ByteBuf direct = Unpooled.directBuffer(BYTES).writeZero(BYTES);
    private final ByteBuf heap = Unpooled.wrappedBuffer(new byte[BYTES]);
    private final ByteBuffer nio = ByteBuffer.allocateDirect(BYTES);
    private final byte[] array = new byte[BYTES];
    private final String text = "x".repeat(BYTES);
    private final Semaphore echoes = new Semaphore(0);
    private int sent;
    private int back;

    /**
     * For one run.
     *
     * @param due when it ends at the latest, by {@code clock}
     * @param meanwhile done after each burst
     */
    Rehearsal(PoolSettings settings, LongSupplier clock, long due, Runnable meanwhile) {
        this.settings = settings;
        this.polled = settings.mode() == LoopMode.CALLER_POLLED;
        this.clock = clock;
        this.due = due;
        this.meanwhile = meanwhile;
    }

    /** How many echoes came back. */
    int messages() {
        return back;
    }

    /** Does it. Why it was not whole, or empty. */
    String run() {
        try (EchoEnd far = new EchoEnd("wspool-" + settings.name() + "-warm-up")) {
            for (int round = 0; round < ROUNDS; round++) {
                round(round, far.port());
            }
            return "";
        } catch (IOException e) {
            return "no echo on loopback: " + e;
        } catch (TimeoutException e) {
            return "out of time";
        } catch (CancellationException e) {
            return String.valueOf(e.getMessage());
        } catch (IllegalStateException e) {
            return "the loopback pool ended: " + e.getMessage();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted";
        } finally {
            direct.release();
        }
    }

    private void round(int round, int port) throws InterruptedException, TimeoutException {
        boolean last = round == ROUNDS - 1;
        try (WebSocketPool pool = pool(round, port, last ? Math.min(settings.channels(), MOST_CHANNELS) : 1)) {
            if (polled) {
                pool.poll();
            }
            pool.awaitFull(Duration.ofNanos(Math.max(0, due - clock.getAsLong())));
            exchange(pool, last ? LONG_ROUND : SHORT_ROUND);
        }
    }

    /** Nothing of the user's own is in it: no listener, policy, heartbeat or thread. */
    private WebSocketPool pool(int round, int port, int channels) {
        String name = "warm-up";
        return WebSocketPool.to("ws://127.0.0.1:" + port + "/")
                .name(name)
                .channels(channels)
                .loops(Math.min(settings.loops(), channels))
                .mode(settings.mode())
                .environment(new SystemEnvironment(
                        name,
                        settings.mode(),
                        TransportChoice.of(settings.transport()).transport(),
                        null))
                .probe(settings.probe())
                .dispatch(settings.dispatch())
                .latency(settings.latency().withLogEvery(Duration.ZERO))
                .budget(DIALS)
                .closeTimeouts(QUICK)
                .onMessage(listener(round))
                .onOutcomes(outcomes(round))
                .start();
    }

    private void exchange(WebSocketPool pool, int messages) throws InterruptedException, TimeoutException {
        for (int done = 0; done < messages; ) {
            int burst = done % 2 == 0 ? 1 : BURST; // alone, and in company: the lone answer is the common case
            for (int i = 0; i < burst; i++) {
                SendResult result = send(pool);
                if (result != SendResult.ACCEPTED) {
                    throw new IllegalStateException(result.name());
                }
            }
            for (int i = 0; i < burst; i++) {
                await(pool);
                back++;
            }
            done += burst;
            meanwhile.run();
        }
    }

    /** By every way in, with and without a token. */
    private SendResult send(WebSocketPool pool) {
        int token = sent++;
        return switch (token % 8) {
            case 0 -> pool.send(direct);
            case 1 -> pool.send(heap, token);
            case 2 -> pool.send(nio);
            case 3 -> pool.send(nio, token);
            case 4 -> pool.send(array);
            case 5 -> pool.sendText(text);
            case 6 -> pool.sendText(text, token);
            default -> pool.send(direct, token);
        };
    }

    private void await(WebSocketPool pool) throws InterruptedException, TimeoutException {
        if (!polled && !echoes.tryAcquire(due - clock.getAsLong(), TimeUnit.NANOSECONDS)) {
            throw new TimeoutException();
        }
        while (polled && !echoes.tryAcquire()) {
            pool.poll();
            if (due - clock.getAsLong() <= 0) {
                throw new TimeoutException();
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }

    /** Each line is a class of its own. */
    private MessageListener listener(int round) {
        return switch (round) {
            case 0 -> this::heard;
            case 1 -> this::heard;
            default -> this::heard;
        };
    }

    private static OutcomeListener outcomes(int round) {
        return switch (round) {
            case 0 -> (channel, outcome, reason, tokens, from, to) -> {};
            case 1 -> (channel, outcome, reason, tokens, from, to) -> {};
            default -> (channel, outcome, reason, tokens, from, to) -> {};
        };
    }

    private void heard(PooledChannel channel, Message message) {
        if (message.length() == BYTES
                && message.content().getByte(message.content().readerIndex()) >= 0) {
            echoes.release();
        }
    }
}
