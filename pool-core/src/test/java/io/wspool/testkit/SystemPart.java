package io.wspool.testkit;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A part of the machine that only an administrator can install. A test that needs one asks for it first: without the
 * part it says so in one line and is skipped, but with {@code CI=true}, where the build installs the part, it fails.
 */
public final class SystemPart {
    /** For Debian's own Python: the first one on the path may be another, which has none of Debian's packages. */
    public static final SystemPart PYTHON_WEBSOCKETS =
            new SystemPart("python3-websockets", "/usr/bin/python3", "-c", "import websockets");

    private final String debianPackage;
    private final List<String> probe;
    private final AtomicBoolean said = new AtomicBoolean();

    private SystemPart(String debianPackage, String... probe) {
        this.debianPackage = debianPackage;
        this.probe = List.of(probe);
    }

    /** Returns if the part is there; otherwise ends the test, as skipped or, in CI, as failed. */
    public void require() {
        if (isThere()) {
            return;
        }
        String missing = debianPackage + " is not installed (as root: apt-get install " + debianPackage + ")";
        if ("true".equals(System.getenv("CI"))) {
            fail(missing);
        }
        if (said.compareAndSet(false, true)) {
            System.out.println("skipping the tests that need it: " + missing);
        }
        abort(missing);
    }

    private boolean isThere() {
        try {
            return new ProcessBuilder(probe)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false; // no such program
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while looking for " + debianPackage, e);
        }
    }
}
