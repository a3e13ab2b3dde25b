package io.wspool.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.wspool.api.ChannelLimits;
import org.junit.jupiter.api.Test;

class AdmissionTest {
    private static final int MOST_MESSAGES = 4;
    private static final int MOST_BYTES = 100;

    private final Admission admission =
            new Admission(new ChannelLimits(MOST_MESSAGES, MOST_BYTES, 1 << 20, 1 << 20, 1024, 1024));

    private void enter(int count, int length) {
        for (int i = 0; i < count; i++) {
            assertThat(admission.enter(length)).isTrue();
        }
    }

    private void leave(int count, int length) {
        for (int i = 0; i < count; i++) {
            admission.leave(length);
        }
    }

    private void enterTokens(int count) {
        for (int i = 0; i < count; i++) {
            assertThat(admission.enterToken(true)).isTrue();
        }
    }

    // The bounds.

    @Test
    void asManyMessagesAsAllowedEnterAndOneMoreDoesNot() {
        enter(MOST_MESSAGES - 1, 1);
        assertThat(admission.hasRoomFor(1)).isTrue();
        enter(1, 1);
        assertThat(admission.hasRoomFor(1)).isFalse();
        assertThat(admission.enter(1)).isFalse();
        assertThat(admission.messages())
                .as("the refused one left nothing behind")
                .isEqualTo(MOST_MESSAGES);
        assertThat(admission.bytes()).isEqualTo(MOST_MESSAGES);
        leave(1, 1);
        assertThat(admission.enter(1)).isTrue();
    }

    @Test
    void asManyBytesAsAllowedEnterAndOneMoreDoesNot() {
        enter(1, 60);
        assertThat(admission.hasRoomFor(41)).isFalse();
        assertThat(admission.enter(41)).isFalse();
        assertThat(admission.bytes()).isEqualTo(60);
        assertThat(admission.hasRoomFor(40)).isTrue();
        assertThat(admission.enter(40)).isTrue();
        assertThat(admission.enter(1)).isFalse();
        assertThat(admission.enter(0)).as("an empty message takes no bytes").isTrue();
        assertThat(admission.messages()).isEqualTo(3);
        assertThat(admission.bytes()).isEqualTo(MOST_BYTES);
    }

    @Test
    void whileNothingWaitsAMessageOfAnySizeEnters() {
        assertThat(admission.hasRoomFor(1 << 20)).isTrue();
        enter(1, 1 << 20);
        assertThat(admission.enter(0)).as("over the bound by the first").isFalse();
        assertThat(admission.isEmpty()).isFalse();
        leave(1, 1 << 20);
        assertThat(admission.isEmpty()).isTrue();
        assertThat(admission.enter(0)).isTrue();
        assertThat(admission.isEmpty()).as("an empty message waits too").isFalse();
    }

    @Test
    void theRestOfAMessageUnderWayEntersWhateverTheBound() {
        enter(MOST_MESSAGES, 25);
        admission.force(1 << 20);
        assertThat(admission.messages()).isEqualTo(MOST_MESSAGES + 1);
        assertThat(admission.bytes()).isEqualTo(MOST_BYTES + (1 << 20));
    }

    @Test
    void asManyTokensAsAllowedEnterAndOneMoreDoesNot() {
        enterTokens(Admission.MOST_TOKENS);
        assertThat(admission.enterToken(true)).isFalse();
        assertThat(admission.tokens()).isEqualTo(Admission.MOST_TOKENS);
        assertThat(admission.enter(1)).as("without a token").isTrue();
        admission.leaveTokens(1);
        assertThat(admission.enterToken(true)).isTrue();
    }

    @Test
    void whereNothingConfirmsTokensAreNotBounded() {
        enterTokens(Admission.MOST_TOKENS);
        assertThat(admission.enterToken(false)).isTrue();
        assertThat(admission.tokens()).isEqualTo(Admission.MOST_TOKENS + 1);
    }

    // Debt and room.

    @Test
    void nobodyIsToldWhoWasNotRefused() {
        assertThat(admission.takeDebtIfRoom(true)).isFalse();
        assertThat(admission.takeDebt()).isFalse();
    }

    @Test
    void theDebtIsPaidOnceWhenHalfOfTheMessagesHaveGone() {
        enter(MOST_MESSAGES, 1);
        assertThat(admission.enter(1)).isFalse();
        assertThat(admission.owe(1, true)).as("room already").isFalse();
        leave(1, 1);
        assertThat(admission.takeDebtIfRoom(true)).as("three of four wait").isFalse();
        leave(1, 1);
        assertThat(admission.takeDebtIfRoom(true)).as("two of four wait").isTrue();
        assertThat(admission.takeDebtIfRoom(true)).as("paid").isFalse();
    }

    @Test
    void theDebtIsPaidWhenHalfOfTheBytesHaveGone() {
        enter(1, 51);
        enter(1, 49);
        assertThat(admission.enter(1)).isFalse();
        assertThat(admission.owe(1, true)).isFalse();
        leave(1, 49);
        assertThat(admission.takeDebtIfRoom(true)).as("51 of 100 bytes wait").isFalse();
        enter(1, 49);
        leave(1, 51);
        enter(1, 1);
        assertThat(admission.takeDebtIfRoom(true)).as("50 of 100 bytes wait").isTrue();
    }

    @Test
    void theDebtIsPaidWhenHalfOfTheTokensHaveTheirOutcome() {
        enterTokens(Admission.MOST_TOKENS);
        assertThat(admission.enterToken(true)).isFalse();
        assertThat(admission.owe(1, true)).isFalse();
        admission.leaveTokens(Admission.MOST_TOKENS / 2 - 1);
        assertThat(admission.takeDebtIfRoom(true)).isFalse();
        admission.leaveTokens(1);
        assertThat(admission.takeDebtIfRoom(true)).isTrue();
    }

    @Test
    void tokensHoldNoRoomBackWhereNothingConfirms() {
        enterTokens(Admission.MOST_TOKENS);
        enter(MOST_MESSAGES, 1);
        assertThat(admission.owe(1, false)).isFalse();
        leave(MOST_MESSAGES, 1);
        assertThat(admission.takeDebtIfRoom(true)).isFalse();
        assertThat(admission.takeDebtIfRoom(false)).isTrue();
    }

    @Test
    void roomThatCameBetweenRefusalAndDebtIsSaidAtOnce() {
        enter(MOST_MESSAGES, 1);
        assertThat(admission.enter(1)).isFalse();
        leave(MOST_MESSAGES, 1); // the loop was here, and saw no debt
        assertThat(admission.owe(1, true)).isTrue();
        assertThat(admission.takeDebtIfRoom(true))
                .as("the debt is still there for its taker")
                .isTrue();
    }

    @Test
    void halfEmptyIsNoRoomForAMessageThatDoesNotFit() {
        enter(1, 50);
        assertThat(admission.enter(51)).isFalse();
        assertThat(admission.owe(51, true)).as("it would be refused again").isFalse();
        assertThat(admission.owe(50, true)).isTrue();
    }

    @Test
    void theDebtOfAChannelThatEndsIsTakenWithoutRoomAndOnce() {
        enter(MOST_MESSAGES, 1);
        assertThat(admission.owe(1, true)).isFalse();
        assertThat(admission.takeDebt()).isTrue();
        assertThat(admission.takeDebt()).isFalse();
    }

    @Test
    void manyRefusalsAreToldByOneWhoLooks() {
        assertThat(admission.owe(1, true)).isTrue(); // refused elsewhere, as by a full queue, while there is room here
        assertThat(admission.owe(1, true)).as("somebody will look").isFalse();
        admission.tellsDebt();
        assertThat(admission.takeDebtIfRoom(true)).isTrue();
        assertThat(admission.owe(1, true)).as("nobody will look again").isTrue();
    }
}
