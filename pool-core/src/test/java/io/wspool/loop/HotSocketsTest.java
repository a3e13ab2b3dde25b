package io.wspool.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HotSocketsTest {
    private final HotSockets hot = new HotSockets();
    private final List<Socket> read = new ArrayList<>();

    private final class Socket implements HotReader {
        int bytes;
        Runnable whenRead = () -> {};
        boolean selectable = true;
        int changes;

        @Override
        public void selectable(boolean whether) {
            assertThat(whether).as("told only what changes").isNotEqualTo(selectable);
            selectable = whether;
            changes++;
        }

        @Override
        public int readHot() {
            assertThat(hot.areRead()).isTrue();
            read.add(this);
            whenRead.run();
            return bytes;
        }
    }

    private Socket heated() {
        Socket socket = new Socket();
        hot.heat(socket);
        return socket;
    }

    private List<Socket> readOnce() {
        read.clear();
        hot.read();
        return read;
    }

    @Test
    void eachIsReadOnceATurnHoweverOftenItWasHeated() {
        Socket one = heated();
        Socket other = heated();
        hot.heat(one);
        assertThat(readOnce()).containsExactlyInAnyOrder(one, other);
        assertThat(hot.areRead()).isFalse();
    }

    @Test
    void itCountsThoseThatHadSomething() {
        heated().bytes = 10;
        heated().bytes = 1;
        heated();
        assertThat(hot.read()).isEqualTo(2);
    }

    @Test
    void oneThatIsSilentGoesColdAtTheLimitWhileAnotherIsHot() {
        Socket silent = heated();
        Socket busy = heated();
        for (int i = 1; i < HotSockets.COLD_AFTER_EMPTY_READS; i++) {
            hot.heat(busy);
            assertThat(readOnce()).contains(silent);
        }
        hot.heat(busy);
        assertThat(readOnce()).as("the last time").contains(silent);
        assertThat(readOnce()).containsExactly(busy);
    }

    @Test
    void theLastOneStaysHoweverSilentItIs() {
        Socket silent = heated();
        for (int i = 0; i <= HotSockets.COLD_AFTER_EMPTY_READS; i++) {
            assertThat(readOnce()).containsExactly(silent);
        }
    }

    @Test
    void aNewOneTakesThePlaceOfTheMostSilent() {
        List<Socket> all = new ArrayList<>();
        for (int i = 0; i < HotSockets.MOST; i++) {
            all.add(heated());
        }
        hot.read();
        Socket silent = all.get(3);
        all.stream().filter(socket -> socket != silent).forEach(hot::heat);
        Socket young = heated();
        assertThat(readOnce()).hasSize(HotSockets.MOST).contains(young).doesNotContain(silent);
    }

    @Test
    void oneThatHasEndedIsForgotten() {
        Socket ended = heated();
        Socket other = heated();
        ended.bytes = -1;
        hot.read();
        assertThat(readOnce()).containsExactly(other);
    }

    @Test
    void callbacksMayCoolAndHeatOthersWhileTheyAreRead() {
        Socket first = heated();
        Socket second = heated();
        Socket third = heated();
        Socket fresh = new Socket();
        third.whenRead = () -> {
            hot.cool(first);
            hot.cool(third);
            hot.heat(fresh);
        };
        hot.read();
        assertThat(readOnce()).containsExactlyInAnyOrder(second, fresh);
        hot.cool(second);
        hot.cool(fresh);
        hot.cool(fresh);
        assertThat(hot.isEmpty()).isTrue();
        assertThat(hot.read()).isZero();
    }

    private void turnsWithoutSleep(int turns) {
        for (int i = 0; i < turns; i++) {
            hot.awake();
        }
    }

    @Test
    void afterManyTurnsWithoutSleepTheSelectorIsNotAskedAboutThem() {
        Socket early = heated();
        turnsWithoutSleep(HotSockets.APART_AFTER_TURNS - 1);
        assertThat(early.selectable).isTrue();
        turnsWithoutSleep(1);
        assertThat(early.selectable).isFalse();
        Socket late = heated();
        hot.heat(early);
        assertThat(late.selectable).isFalse();
        hot.cool(late);
        assertThat(late.selectable).as("cooled").isTrue();
        hot.cool(late);
    }

    @Test
    void beforeATurnThatMaySleepTheSelectorKnowsThemAgain() {
        Socket one = heated();
        Socket other = heated();
        turnsWithoutSleep(HotSockets.APART_AFTER_TURNS);
        hot.maySleep();
        assertThat(one.selectable).isTrue();
        assertThat(other.selectable).isTrue();
        hot.maySleep();
        turnsWithoutSleep(HotSockets.APART_AFTER_TURNS - 1);
        assertThat(one.selectable).as("the turns are counted anew").isTrue();
        turnsWithoutSleep(1);
        assertThat(one.selectable).isFalse();
    }

    @Test
    void oneMoreThanPlacesBringsAllBackToTheSelector() {
        turnsWithoutSleep(HotSockets.APART_AFTER_TURNS);
        List<Socket> all = new ArrayList<>();
        for (int i = 0; i < HotSockets.MOST; i++) {
            all.add(heated());
        }
        assertThat(all).noneMatch(socket -> socket.selectable);
        all.add(heated());
        assertThat(all).allMatch(socket -> socket.selectable);
    }

    @Test
    void contestedPlacesCostTheSelectorNothing() {
        List<Socket> all = new ArrayList<>();
        for (int i = 0; i < HotSockets.MOST + 4; i++) {
            all.add(new Socket());
        }
        for (int turn = 0; turn < 10 * HotSockets.APART_AFTER_TURNS; turn++) {
            hot.awake();
            hot.heat(all.get(turn % all.size()));
        }
        assertThat(all).allMatch(socket -> socket.changes == 0);
    }

    @Test
    void theSelectorIsDueAtItsLimitWhateverHotSocketsBring() {
        hot.selected(1_000);
        assertThat(hot.selectorIsDue(1_000 + 49_999)).isFalse();
        assertThat(hot.selectorIsDue(1_000 + 50_000)).isTrue();
    }

    @Test
    void behindAWriteTheSelectorComesEarlierAndFirst() {
        hot.selected(1_000);
        assertThat(hot.selectorComesFirst(1_000 + 49_999)).as("nothing written").isFalse();
        hot.wrote();
        assertThat(hot.selectorComesFirst(1_000 + 19_999)).isFalse();
        hot.wrote();
        assertThat(hot.selectorComesFirst(1_000 + 20_000)).isTrue();
        assertThat(hot.selectorComesFirst(1_000 + 20_000)).as("once a write").isFalse();
    }
}
