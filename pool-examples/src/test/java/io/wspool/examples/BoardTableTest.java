package io.wspool.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.wspool.api.Account;
import io.wspool.api.BreakerState;
import io.wspool.api.ChannelSnapshot;
import io.wspool.api.ChannelState;
import io.wspool.api.CloseCause;
import io.wspool.api.PoolSnapshot;
import io.wspool.api.PoolState;
import io.wspool.api.RttFigures;
import io.wspool.api.SlotSnapshot;
import io.wspool.api.SlotState;
import io.wspool.api.Standing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.jline.utils.AttributedString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BoardTableTest {
    private static final String HEADER = "wspool demo: " + "so many words ".repeat(12);

    private final EventLog events = new EventLog();

    @ParameterizedTest
    @CsvSource({"80,24,4", "80,24,64", "200,60,4", "40,10,4", "1,1,1"})
    void nothingIsWiderOrHigherThanTheScreen(int columns, int rows, int channels) {
        for (int i = 0; i < 50; i++) {
            events.add("something rare happened, and it takes many, many, many words to say what it was " + i);
        }
        List<String> lines = draw(columns, rows, channels);
        assertThat(lines).allMatch(line -> line.length() <= columns).hasSizeLessThan(Math.max(2, rows));
    }

    @Test
    void onANarrowScreenEachPlaceSaysItsStateInWordsAndLastClosesHaveALineOfTheirOwn() {
        List<String> lines = draw(BoardTable.ROOM_FOR_CLOSE - 1, 24, 3);
        assertThat(lines).anyMatch(line -> line.startsWith(" 0 LIVE        SUSPECT      85       62   210"));
        assertThat(lines).anyMatch(line -> line.startsWith(" 1 BACKING_OFF -"));
        assertThat(lines).anyMatch(line -> line.startsWith("last close | 1: END_OF_STREAM 1006: The server ended"));
    }

    @Test
    void onAWideScreenTheLastCloseStandsInTheRow() {
        List<String> lines = draw(BoardTable.ROOM_FOR_CLOSE, 24, 3);
        assertThat(lines)
                .anyMatch(line ->
                        line.startsWith(" 1 BACKING_OFF") && line.contains("  END_OF_STREAM 1006: The server ended"));
        assertThat(lines).noneMatch(line -> line.startsWith("last close |"));
    }

    @Test
    void placesThatDoNotFitAreCountedAndTheAccountStaysInSight() {
        List<String> lines = draw(80, 24, 64);
        assertThat(lines).anyMatch(line -> line.matches("   and \\d+ more"));
        assertThat(lines).anyMatch(line -> line.startsWith("orders 12 = confirmed 10"));
    }

    @Test
    void theNewestEventsAreShown() {
        for (int i = 0; i < 50; i++) {
            events.add("event " + i + ".");
        }
        assertThat(draw(80, 24, 2)).last().asString().endsWith("event 49.");
    }

    private List<String> draw(int columns, int rows, int channels) {
        return BoardTable.draw(HEADER, figures(channels), events, columns, rows).stream()
                .map(AttributedString::toString)
                .toList();
    }

    private static Figures figures(int channels) {
        List<SlotSnapshot> slots = new ArrayList<>();
        CloseCause lost = new CloseCause(CloseCause.Kind.END_OF_STREAM, 1006, "", false, "", null);
        for (int i = 0; i < channels; i++) {
            slots.add(
                    i % 2 == 1
                            ? new SlotSnapshot(i, SlotState.BACKING_OFF, null, 1, 1, lost, null)
                            : new SlotSnapshot(i, SlotState.LIVE, channel(i), 0, 0, null, null));
        }
        PoolSnapshot pool = new PoolSnapshot(
                "demo",
                PoolState.PARTIAL,
                BreakerState.CLOSED,
                false,
                true,
                new Account(12, 11, 10, 0, 1, 0, 0),
                RttFigures.NONE,
                new PoolSnapshot.Quality(1, Duration.ZERO, 0, 0, 0),
                slots,
                1,
                0,
                0);
        return new Figures("1.0 s", pool, 0, 5, new Histogram(3));
    }

    private static ChannelSnapshot channel(int slot) {
        return new ChannelSnapshot(
                slot + 1,
                "demo/" + slot,
                slot,
                ChannelState.OPEN,
                Standing.SUSPECT,
                null,
                Duration.ofSeconds(1),
                Duration.ZERO,
                85_000,
                60_000,
                5_000,
                new RttFigures(9, 1, 1, 62_000, 90_000, 210_000, 300_000, 400_000),
                0,
                0,
                0,
                0,
                false,
                true,
                false,
                1,
                200,
                0,
                0,
                Account.EMPTY);
    }
}
