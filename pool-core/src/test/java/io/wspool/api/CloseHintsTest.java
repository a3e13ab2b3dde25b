package io.wspool.api;

import static io.wspool.api.ClosePoliciesTest.cause;
import static io.wspool.api.ClosePoliciesTest.connectFailed;
import static io.wspool.api.ClosePoliciesTest.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.wspool.api.CloseCause.Kind;
import java.io.IOException;
import java.security.cert.CertificateException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.ResourceBundle;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CloseHintsTest {
    private static final String BUNDLE = "io.wspool.api.close-hints";
    private static final Pattern CHINESE = Pattern.compile("\\p{IsHan}");

    private static List<CloseCause> everything() {
        List<CloseCause> causes = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            causes.add(cause(kind, CloseCause.ABNORMAL));
        }
        for (int code = 0; code <= 5000; code++) {
            causes.add(cause(Kind.PEER_CLOSE, code));
        }
        for (int status = 0; status <= 600; status++) {
            causes.add(refused(status));
        }
        causes.add(connectFailed(new CertificateException("expired")));
        return causes;
    }

    @Test
    void aProtocolErrorAsksForALookAtProtocolOrVersion() {
        assertThat(CloseHints.of(cause(Kind.PEER_CLOSE, 1002), Locale.ENGLISH))
                .isEqualTo("The server says that we broke the WebSocket protocol: check protocol or version;"
                        + " the pool dials again only after its longest delay.");
        assertThat(CloseHints.of(cause(Kind.PEER_CLOSE, 1002), Locale.SIMPLIFIED_CHINESE))
                .isEqualTo("服务器认为我方违反了 WebSocket 协议，请检查协议或版本；连接池将以最长间隔重连。");
    }

    @Test
    void everyCodeThatMeansAMisunderstandingAsksForALookAtProtocolOrVersion() {
        for (int code : new int[] {1002, 1003, 1007, 1009, 1010}) {
            assertThat(CloseHints.of(cause(Kind.PEER_CLOSE, code), Locale.ENGLISH))
                    .contains("check protocol or version");
            assertThat(CloseHints.of(cause(Kind.PEER_CLOSE, code), Locale.CHINA))
                    .contains("请检查协议或版本");
        }
    }

    @Test
    void aServerErrorTellsOperations() {
        assertThat(CloseHints.of(cause(Kind.PEER_CLOSE, 1011), Locale.ENGLISH)).contains("tell operations");
        assertThat(CloseHints.of(cause(Kind.PEER_CLOSE, 1011), Locale.CHINESE)).contains("请联系运维人员");
    }

    @Test
    void theHintTellsWhatWasDecidedByWhateverPolicy() {
        CloseCause normal = cause(Kind.PEER_CLOSE, 1000);
        assertThat(CloseHints.of(normal, Locale.ENGLISH)).endsWith("; the pool dials again after a growing delay.");
        assertThat(CloseHints.of(normal, CloseAction.LEAVE, Locale.ENGLISH))
                .endsWith("; the pool leaves the place vacant.");
    }

    @Test
    void whatThisSideBeganIsOneSentenceWithoutAPolicy() {
        CloseCause local = cause(Kind.LOCAL_CLOSE, 1000);
        assertThat(CloseHints.of(local, CloseAction.HALT, Locale.ENGLISH))
                .isEqualTo("The channel was closed on this side, on request; nothing needs to be done.");
    }

    @Test
    void theNetworksEndsAreToldByKindAndNotByTheirCode() {
        assertThat(CloseHints.of(cause(Kind.END_OF_STREAM, 1006), Locale.ENGLISH))
                .startsWith("The server ended the connection without a goodbye");
        assertThat(CloseHints.of(connectFailed(new IOException()), Locale.ENGLISH))
                .startsWith("No connection came about");
        assertThat(CloseHints.of(connectFailed(new CertificateException()), Locale.ENGLISH))
                .startsWith("The certificate of the server cannot be trusted");
    }

    @Test
    void everyCauseHasOneWholeSentenceInBothLanguages() {
        for (CloseCause cause : everything()) {
            String english = CloseHints.of(cause, Locale.ENGLISH);
            assertThat(english).as("%s", cause).endsWith(".").doesNotContain("{", "}", "\n");
            assertThat(CHINESE.matcher(english).find()).as(english).isFalse();
            String chinese = CloseHints.of(cause, Locale.SIMPLIFIED_CHINESE);
            assertThat(chinese).as("%s", cause).endsWith("。").doesNotContain("{", "}", "\n", "\uFFFD");
            assertThat(CHINESE.matcher(chinese).find()).as(chinese).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(CloseAction.class)
    void everyActionHasItsWords(CloseAction action) {
        CloseCause cause = cause(Kind.PEER_CLOSE, 1000);
        assertThat(CloseHints.of(cause, action, Locale.ENGLISH)).contains("; the pool ");
        assertThat(CloseHints.of(cause, action, Locale.CHINESE)).contains("；连接池");
    }

    @Test
    void bothLanguagesHaveTheSameKeys() {
        Set<String> english =
                new TreeSet<>(ResourceBundle.getBundle(BUNDLE, Locale.ROOT).keySet());
        Set<String> translated = new TreeSet<>();
        ResourceBundle zh = ResourceBundle.getBundle(BUNDLE, Locale.CHINESE);
        for (String key : english) {
            if (CHINESE.matcher(zh.getString(key)).find() || key.equals("sentence")) {
                translated.add(key); // a key that is missing there is inherited, in English
            }
        }
        assertThat(translated).isEqualTo(english);
        assertThat(zh.keySet()).isEqualTo(english);
    }

    @ParameterizedTest
    @ValueSource(strings = {"en", "en-GB", "de-DE", "ja", "und"})
    void anyOtherLanguageIsToldInEnglishWhateverTheJvmsOwn(String tag) {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.SIMPLIFIED_CHINESE);
            ResourceBundle.clearCache();
            assertThat(CloseHints.of(cause(Kind.PEER_CLOSE, 1012), Locale.forLanguageTag(tag)))
                    .startsWith("The server is restarting; ");
        } finally {
            Locale.setDefault(before);
            ResourceBundle.clearCache();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"zh", "zh-CN", "zh-Hans-SG", "zh-TW"})
    void everyChineseLocaleIsToldInChinese(String tag) {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.US);
            assertThat(CloseHints.of(cause(Kind.PEER_CLOSE, 1012), Locale.forLanguageTag(tag)))
                    .isEqualTo("服务器正在重启；连接池将很快重连。");
        } finally {
            Locale.setDefault(before);
        }
    }
}
