package io.wspool.bench.client;

import java.time.Duration;

/** A library that receives on threads of its own, while the caller parks. */
abstract class CallbackContender implements Contender {
    static final Duration PATIENCE = Duration.ofSeconds(30);

    final ClientOptions options;

    CallbackContender(ClientOptions options) {
        this.options = options;
        if (!options.sleeping()) {
            throw options.noSuchMode();
        }
    }

    @Override
    public String version() {
        return Versions.of(options.client);
    }

    @Override
    public String note() {
        return "the caller parks";
    }
}
