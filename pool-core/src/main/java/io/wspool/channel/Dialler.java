package io.wspool.channel;

import io.netty.handler.ssl.SslContext;
import io.wspool.wire.UpgradeRequest;
import org.jspecify.annotations.Nullable;

/**
 * Where a pool's channels are dialled.
 *
 * @param request the upgrade, checked
 * @param ssl for {@code wss}; null for {@code ws}
 */
public record Dialler(UpgradeRequest request, @Nullable SslContext ssl) {}
