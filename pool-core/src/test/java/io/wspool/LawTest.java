package io.wspool;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wspool.api.Account;
import io.wspool.api.Outcome;
import io.wspool.api.SendResult;
import io.wspool.api.Sender;
import io.wspool.testkit.Law;
import io.wspool.testkit.ScriptedServer;
import io.wspool.testkit.Traffic;
import io.wspool.testkit.World;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each way of breaking the law of messages is seen, and keeping it is not. */
class LawTest {
    private static final int PING = 9;

    private World world;
    private ScriptedServer server;
    private Traffic traffic;
    private Law law;
    private PlainClient client;
    private SendResult answer = SendResult.ACCEPTED;
    private Runnable beforeReturn = () -> {};
    private final List<Long> tokens = new ArrayList<>();

    /** Takes every message and does nothing: what becomes of it, the story says. */
    private final Sender sender = (Sender) Proxy.newProxyInstance(
            Sender.class.getClassLoader(), new Class<?>[] {Sender.class}, (proxy, method, arguments) -> {
                tokens.add((Long) arguments[1]);
                beforeReturn.run();
                return answer;
            });

    private void story(Runnable story) {
        World.run(1, fresh -> {
            world = fresh;
            server = world.server("gateway", 80);
            server.link().delay(ofMillis(1));
            client = PlainClient.open(world, PlainClient.loop(world, "loop"), server.address());
            traffic = new Traffic(world);
            law = new Law(world, traffic, server);
            story.run();
        });
    }

    private void breaks(String what, Runnable story) {
        assertThatThrownBy(() -> story(story))
                .hasMessageContaining("the law is broken")
                .hasMessageContaining(what);
    }

    private long accept() {
        assertThat(traffic.send(sender)).isEqualTo(SendResult.ACCEPTED);
        return tokens.get(tokens.size() - 1);
    }

    private void tell(Outcome outcome, long id) {
        traffic.onOutcome(null, outcome, Outcome.Reason.PONG, new long[] {id}, 0, 1);
    }

    private void settle() {
        world.run(ofMillis(10));
    }

    @Test
    void allThreeEndsAreLawful() {
        story(() -> {
            long confirmed = accept();
            client.message(confirmed);
            client.frame(PING);
            settle();
            tell(Outcome.CONFIRMED, confirmed);
            long readUnknown = accept();
            client.message(readUnknown);
            settle();
            tell(Outcome.UNKNOWN, readUnknown);
            tell(Outcome.UNKNOWN, accept());
            tell(Outcome.NOT_SENT, accept());
            settle();
            law.checkSettled();
            assertThat(traffic.count(Outcome.UNKNOWN)).isEqualTo(2);
            assertThat(traffic.outcome(3)).isEqualTo(Outcome.NOT_SENT);
        });
    }

    @Test
    void anOutcomeMayComeBeforeSendHasReturned() {
        story(() -> {
            beforeReturn = () -> tell(Outcome.UNKNOWN, tokens.get(0));
            accept();
            law.checkSettled();
            assertThat(traffic.outcome(0)).isEqualTo(Outcome.UNKNOWN);
            assertThat(traffic.accepted()).isEqualTo(1);
        });
    }

    @Test
    void confirmedButNeverRead() {
        breaks("was not read", () -> {
            tell(Outcome.CONFIRMED, accept());
            settle();
        });
    }

    @Test
    void confirmedByAPongWhosePingWentBefore() {
        breaks("no pong says so", () -> {
            long id = accept();
            client.frame(PING);
            client.message(id);
            settle();
            tell(Outcome.CONFIRMED, id);
            settle();
        });
    }

    @Test
    void confirmedWithoutAnyPong() {
        breaks("no pong says so", () -> {
            server.behaviour().ignorePings(true);
            long id = accept();
            client.message(id);
            client.frame(PING);
            settle();
            tell(Outcome.CONFIRMED, id);
            settle();
        });
    }

    @Test
    void notSentButRead() {
        breaks("NOT_SENT", () -> {
            long id = accept();
            client.message(id);
            settle();
            tell(Outcome.NOT_SENT, id);
            settle();
        });
    }

    @Test
    void notSentAndReadLater() {
        breaks("was read and is NOT_SENT", () -> {
            long id = accept();
            tell(Outcome.NOT_SENT, id);
            client.message(id);
            settle();
        });
    }

    @Test
    void refusedAndRead() {
        breaks("was read and is NOT_SENT or refused", () -> {
            answer = SendResult.BACK_PRESSURED;
            traffic.send(sender);
            client.message(tokens.get(0));
            settle();
        });
    }

    @Test
    void refusedWithAnOutcome() {
        breaks("was refused as CLOSED", () -> {
            answer = SendResult.CLOSED;
            beforeReturn = () -> tell(Outcome.NOT_SENT, tokens.get(0));
            traffic.send(sender);
            settle();
        });
    }

    @Test
    void readTwice() {
        breaks("was read twice", () -> {
            long id = accept();
            client.message(id);
            client.message(id);
            settle();
        });
    }

    @Test
    void readAndNeverSent() {
        breaks("never sent", () -> {
            client.message(99);
            settle();
        });
    }

    @Test
    void twoOutcomes() {
        breaks("and was UNKNOWN", () -> {
            long id = accept();
            tell(Outcome.UNKNOWN, id);
            tell(Outcome.NOT_SENT, id);
            settle();
        });
    }

    @Test
    void anOutcomeOfNothing() {
        breaks("which was never sent", () -> {
            tell(Outcome.UNKNOWN, 12345);
            settle();
        });
    }

    @Test
    void noOutcomeAtTheEnd() {
        breaks("1 messages have no outcome", () -> {
            accept();
            world.run(ofSeconds(1)); // open messages are lawful until the end
            law.checkSettled();
        });
    }

    @Test
    void anAccountThatIsNotTheCallers() {
        breaks("is not what the caller saw", () -> {
            Account[] account = {new Account(1, 0, 0, 0, 0, 0, 0)};
            law.account(() -> account[0]);
            accept();
            settle();
            law.check();
            account[0] = new Account(2, 0, 0, 0, 0, 0, 0);
            law.check();
        });
    }

    @Test
    void anAccountThatDoesNotAddUp() {
        breaks("does not add up", () -> {
            law.account(() -> new Account(1, 2, 0, 0, 0, 0, 0)); // written more than accepted
            accept();
            for (int step = 0; step < 100; step++) {
                world.step(1);
            }
        });
    }

    @Test
    void aClientThatBreaksTheRfc() {
        breaks("opcode 3", () -> {
            client.frame(3);
            settle();
            law.checkSettled();
        });
    }
}
