package io.wspool.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.Channel;
import io.netty.util.Version;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NettyVersionTest {
    @ParameterizedTest
    @ValueSource(
            strings = {"4.2.15.Final", "4.2.15.Final-SNAPSHOT", "4.2.18.Final", "4.2.100.Final", "4.3.0.Final", "5.0.0"
            })
    void isEnough(String version) {
        assertThatCode(() -> NettyVersion.check(version, Map.of())).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"4.2.14.Final", "4.2.9.Final", "4.2", "4.1.138.Final", "3.10.6.Final", "unreadable"})
    void isTooOld(String version) {
        assertThatThrownBy(() -> NettyVersion.check(version, Map.of()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith(
                        "wspool needs Netty 4.2.15 or later, but the class path has Netty " + version + ": ");
    }

    @Test
    void theLoadedOneCountsAndNotTheOneThatIsFound() {
        Map<String, Version> found = Version.identify();
        assertThatThrownBy(() -> NettyVersion.check("4.1.138.Final", found)).hasMessageContaining("4.1.138");
        assertThatCode(() -> NettyVersion.check(null, found)).doesNotThrowAnyException();
    }

    @Test
    void whereNothingSaysAVersionTheClassesDecide() {
        assertThatCode(() -> NettyVersion.check(null, Map.of())).doesNotThrowAnyException();
    }

    @Test
    void aJarThatIsNotNettysSaysNothing() {
        assertThat(NettyVersion.loaded(Channel.class.getPackage())).startsWith("4.2.");
        assertThat(NettyVersion.loaded(Test.class.getPackage())).isNull();
        assertThat(NettyVersion.loaded(NettyVersionTest.class.getPackage())).isNull();
    }
}
