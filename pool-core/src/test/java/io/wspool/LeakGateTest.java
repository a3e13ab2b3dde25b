package io.wspool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.wspool.testkit.ChildJvm;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** The leak gate of this very build, met by a leak and by none, each in a run of its own. */
class LeakGateTest {
    @Test
    void aPlantedLeakFailsTheRun() throws Exception {
        ChildJvm.Result run = runOf(Leaking.class);
        assertThat(run.exit()).as(run.output()).isEqualTo(1);
        assertThat(run.output()).contains("leaked: 1\nLEAK of ByteBuf", "LeakGateTest$Leaking.losesOneBuffer");
    }

    @Test
    void aRunWithoutLeaksPasses() throws Exception {
        ChildJvm.Result run = runOf(Clean.class);
        assertThat(run.exit()).as(run.output()).isZero();
    }

    private static ChildJvm.Result runOf(Class<?> tests) throws Exception {
        return ChildJvm.run(List.of(
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                OneRun.class.getName(),
                tests.getName()));
    }

    /** One run of one class, as Surefire does it: a launcher session, which finds the gate by itself. */
    static final class OneRun {
        private OneRun() {}

        public static void main(String[] args) throws ClassNotFoundException {
            try (LauncherSession session = LauncherFactory.openSession()) {
                session.getLauncher()
                        .execute(LauncherDiscoveryRequestBuilder.request()
                                .selectors(selectClass(Class.forName(args[0])))
                                .build());
            }
        }
    }

    /** Not named as a test, so that no other run finds it. */
    static final class Leaking {
        @Test
        void losesOneBuffer() {
            PooledByteBufAllocator.DEFAULT.buffer(16).writeLong(1);
        }
    }

    static final class Clean {
        @Test
        void releasesItsBuffer() {
            ByteBuf buffer = PooledByteBufAllocator.DEFAULT.buffer(16).writeLong(1);
            buffer.release();
        }
    }
}
