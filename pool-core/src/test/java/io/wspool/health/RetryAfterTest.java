package io.wspool.health;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "1, 1",
        "' 7\t', 7",
        "007, 7",
        "299, 299",
        "300, 300",
        "301, 300",
        "2147483648, 300",
        "99999999999999999999999999, 300"
    })
    void secondsAreReadAndClampedToThreeHundred(String value, long seconds) {
        assertThat(RetryAfter.nanos(value)).isEqualTo(seconds * 1_000_000_000L);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "-1",
                "+1",
                "1.5",
                "1e9",
                "1 2",
                "5, 10",
                "soon",
                "0x10",
                "\u0661\u0662", // digits, but not of this protocol
                "Fri, 31 Dec 1999 23:59:59 GMT",
                "99999999999999999999999x",
            })
    void everythingElseIsIgnored(String value) {
        assertThat(RetryAfter.nanos(value)).isEqualTo(RetryAfter.NONE);
    }

    @Test
    void aMissingHeaderIsNoValue() {
        assertThat(RetryAfter.nanos(null)).isEqualTo(RetryAfter.NONE);
    }
}
