package io.wspool;

import static org.assertj.core.api.Assertions.assertThat;

import io.wspool.testkit.SystemPart;
import org.junit.jupiter.api.Test;

class SystemPartTest {
    /** The other side of the wire in the tests against a server that is not ours. */
    @Test
    void thePythonServerCanBeStarted() throws Exception {
        SystemPart.PYTHON_WEBSOCKETS.require();
        Process python = new ProcessBuilder("/usr/bin/python3", "-c", "import websockets; websockets.serve")
                .inheritIO()
                .start();
        assertThat(python.waitFor()).isZero();
    }
}
