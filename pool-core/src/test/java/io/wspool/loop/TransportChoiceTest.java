package io.wspool.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wspool.api.TransportKind;
import java.io.FileNotFoundException;
import org.junit.jupiter.api.Test;

/** On Linux, with the native library of epoll on the class path and none of kqueue. */
class TransportChoiceTest {
    @Test
    void takesEpollByItselfAndSaysWhy() {
        TransportChoice choice = TransportChoice.of(TransportKind.AUTO);
        assertThat(choice.transport().name()).isEqualTo("epoll");
        assertThat(choice.reason()).isEqualTo("native library found");
    }

    @Test
    void takesWhatIsAskedFor() {
        TransportChoice choice = TransportChoice.of(TransportKind.NIO);
        assertThat(choice.transport().name()).isEqualTo("nio");
        assertThat(choice.reason()).isEqualTo("asked for");
    }

    @Test
    void whatIsAskedForAndMissingIsRefusedInOneSentenceThatNamesSettingValueAndCause() {
        assertThatThrownBy(() -> TransportChoice.of(TransportKind.KQUEUE))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("transport=KQUEUE is not available on this machine:"
                        + " IllegalStateException: Only supported on OSX/BSD");
    }

    @Test
    void aCauseIsTheLastOfItsChainInOneLine() {
        Throwable wrapped = new UnsatisfiedLinkError("failed to load");
        wrapped.initCause(new IllegalStateException("io_uring_setup: Operation not permitted\nand more"));
        assertThat(TransportChoice.cause(TransportKind.IO_URING, wrapped))
                .isEqualTo("IllegalStateException: io_uring_setup: Operation not permitted");
        assertThat(TransportChoice.cause(TransportKind.EPOLL, new NoClassDefFoundError()))
                .isEqualTo("NoClassDefFoundError");
    }

    @Test
    void aMissingArtifactIsNamed() {
        Throwable noLibrary = new UnsatisfiedLinkError("could not load a native library");
        noLibrary.initCause(new FileNotFoundException("META-INF/native/lib.so"));
        assertThat(TransportChoice.cause(TransportKind.EPOLL, noLibrary))
                .isEqualTo("netty-transport-native-epoll is not on the class path, or not for this platform");
        Throwable noClass = new NoClassDefFoundError("io/netty/channel/uring/IoUring");
        noClass.initCause(new ClassNotFoundException("io.netty.channel.uring.IoUring"));
        assertThat(TransportChoice.cause(TransportKind.IO_URING, noClass))
                .isEqualTo("netty-transport-native-io_uring is not on the class path, or not for this platform");
    }
}
