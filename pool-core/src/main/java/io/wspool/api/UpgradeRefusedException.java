package io.wspool.api;

/** The server did not switch protocols. Carries what it said. */
public final class UpgradeRefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient UpgradeRefusal refusal;

    /** For the upgrade. */
    public UpgradeRefusedException(UpgradeRefusal refusal) {
        super(refusal.problem(), null, false, false);
        this.refusal = refusal;
    }

    /** What the server said. */
    public UpgradeRefusal refusal() {
        return refusal;
    }
}
