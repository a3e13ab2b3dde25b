package io.wspool.bench.client;

/** A work over one contender, which it connects to, speaks for, and closes. */
abstract class ContenderWork implements Work, Receiver {
    final Contender contender;

    ContenderWork(Contender contender) {
        this.contender = contender;
    }

    @Override
    public void open() throws Exception {
        contender.connect(this);
    }

    @Override
    public final String version() {
        return contender.version();
    }

    @Override
    public String note() {
        return contender.note();
    }

    @Override
    public void onText(int connection) {}

    @Override
    public void close() {
        contender.close();
    }
}
