package io.wspool.api;

import static io.wspool.api.CloseAction.AT_ONCE;
import static io.wspool.api.CloseAction.BACK_OFF;
import static io.wspool.api.CloseAction.BACK_OFF_AT_CAP;
import static io.wspool.api.CloseAction.BACK_OFF_SLOWLY;
import static io.wspool.api.CloseAction.HALT;
import static io.wspool.api.CloseAction.LEAVE;
import static org.assertj.core.api.Assertions.assertThat;

import io.wspool.api.CloseCause.Kind;
import java.io.IOException;
import java.security.cert.CertificateExpiredException;
import java.util.Map;
import java.util.TreeMap;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ClosePoliciesTest {
    /** Every code that a Close frame can carry and that is not backed off from. */
    private static final Map<Integer, CloseAction> STANDARD = Map.ofEntries(
            Map.entry(1001, AT_ONCE),
            Map.entry(1002, BACK_OFF_AT_CAP),
            Map.entry(1003, BACK_OFF_AT_CAP),
            Map.entry(1006, AT_ONCE),
            Map.entry(1007, BACK_OFF_AT_CAP),
            Map.entry(1008, HALT),
            Map.entry(1009, BACK_OFF_AT_CAP),
            Map.entry(1010, BACK_OFF_AT_CAP),
            Map.entry(1011, BACK_OFF_SLOWLY),
            Map.entry(1012, AT_ONCE),
            Map.entry(1013, BACK_OFF_SLOWLY),
            Map.entry(4401, HALT),
            Map.entry(4403, HALT));

    private static final Map<Integer, CloseAction> ORIGIN =
            Map.of(1000, LEAVE, 1002, BACK_OFF_AT_CAP, 1006, AT_ONCE, 1011, HALT);

    static CloseCause cause(Kind kind, int code) {
        return new CloseCause(kind, code, "", true, "", null);
    }

    static CloseCause refused(int status) {
        UpgradeRefusal refusal = new UpgradeRefusal(status, "", Map.of(), "", "status " + status);
        return new CloseCause(
                Kind.UPGRADE_REFUSED, CloseCause.ABNORMAL, "", false, "", new UpgradeRefusedException(refusal));
    }

    static CloseCause connectFailed(Throwable error) {
        return new CloseCause(Kind.CONNECT_FAILED, CloseCause.ABNORMAL, "", false, "", error);
    }

    @Test
    void theStandardTableHoldsForEveryCode() {
        ClosePolicy standard = ClosePolicies.standard();
        for (int code = 0; code <= 5000; code++) {
            assertThat(standard.onClose(cause(Kind.PEER_CLOSE, code)))
                    .as("code %d", code)
                    .isEqualTo(STANDARD.getOrDefault(code, BACK_OFF));
        }
    }

    @Test
    void theOriginsTableHoldsForItsCodesAndTheStandardOneForAllOthers() {
        Map<Integer, CloseAction> expected = new TreeMap<>(STANDARD);
        expected.putAll(ORIGIN);
        ClosePolicy origin = ClosePolicies.origin();
        for (int code = 0; code <= 5000; code++) {
            assertThat(origin.onClose(cause(Kind.PEER_CLOSE, code)))
                    .as("code %d", code)
                    .isEqualTo(expected.getOrDefault(code, BACK_OFF));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0, BACK_OFF",
        "200, BACK_OFF",
        "302, BACK_OFF",
        "400, BACK_OFF",
        "401, HALT",
        "402, BACK_OFF",
        "403, HALT",
        "404, BACK_OFF",
        "426, BACK_OFF",
        "429, BACK_OFF",
        "500, BACK_OFF",
        "503, BACK_OFF"
    })
    void onlyUnauthorizedAndForbiddenUpgradesHalt(int status, CloseAction action) {
        assertThat(ClosePolicies.standard().onClose(refused(status))).isEqualTo(action);
        assertThat(ClosePolicies.origin().onClose(refused(status))).isEqualTo(action);
    }

    @Test
    void aRefusalWithoutDetailsBacksOff() {
        assertThat(ClosePolicies.standard().onClose(cause(Kind.UPGRADE_REFUSED, CloseCause.ABNORMAL)))
                .isEqualTo(BACK_OFF);
    }

    @Test
    void aConnectionThatEndsWithoutCloseFrameIsDialledAtOnce() {
        for (Kind kind : new Kind[] {Kind.END_OF_STREAM, Kind.TRANSPORT_ERROR}) {
            assertThat(ClosePolicies.standard().onClose(cause(kind, CloseCause.ABNORMAL)))
                    .isEqualTo(AT_ONCE);
            assertThat(ClosePolicies.origin().onClose(cause(kind, CloseCause.ABNORMAL)))
                    .isEqualTo(AT_ONCE);
        }
    }

    @Test
    void aFailedDialBacksOffAndABadCertificateAtTheCap() {
        assertThat(ClosePolicies.standard().onClose(connectFailed(new IOException("refused"))))
                .isEqualTo(BACK_OFF);
        Exception tls = new SSLHandshakeException("failed");
        tls.initCause(new CertificateExpiredException());
        assertThat(ClosePolicies.standard().onClose(connectFailed(tls))).isEqualTo(BACK_OFF_AT_CAP);
        assertThat(ClosePolicies.standard().onClose(connectFailed(new SSLHandshakeException("closed"))))
                .isEqualTo(BACK_OFF);
        assertThat(ClosePolicies.standard().onClose(cause(Kind.NOT_READY, 1000)))
                .isEqualTo(BACK_OFF);
    }

    @Test
    void exceptionsThatNameEachOtherAsCauseAreFollowedToAnEnd() {
        Exception one = new IOException("one");
        Exception other = new IOException("other", one);
        one.initCause(other);
        assertThat(ClosePolicies.standard().onClose(connectFailed(one))).isEqualTo(BACK_OFF);
    }

    @ParameterizedTest
    @EnumSource(names = {"LOCAL_CLOSE", "RECYCLED", "HEARTBEAT_TIMEOUT", "PROTOCOL_ERROR", "OWNER_ABSENT"})
    void whatThisSideBeganIsNotJudgedByItsCode(Kind kind) {
        for (int code : new int[] {1000, 1002, 1008, 1011, 4401}) {
            assertThat(ClosePolicies.standard().onClose(cause(kind, code))).isEqualTo(AT_ONCE);
            assertThat(ClosePolicies.origin().onClose(cause(kind, code))).isEqualTo(AT_ONCE);
        }
    }

    @Test
    void leavingOn1000ChangesThatCodeAlone() {
        ClosePolicy policy = ClosePolicies.standard().leaveOn1000();
        assertThat(policy.onClose(cause(Kind.PEER_CLOSE, 1000))).isEqualTo(LEAVE);
        assertThat(policy.onClose(cause(Kind.PEER_CLOSE, 1001))).isEqualTo(AT_ONCE);
        assertThat(policy.onClose(cause(Kind.LOCAL_CLOSE, 1000))).isEqualTo(AT_ONCE);
    }
}
