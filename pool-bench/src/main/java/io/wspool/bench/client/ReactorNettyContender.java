package io.wspool.bench.client;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.ssl.SslContext;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.publisher.Sinks.EmitFailureHandler;
import reactor.core.publisher.Sinks.EmitResult;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.websocket.WebsocketInbound;
import reactor.netty.http.websocket.WebsocketOutbound;
import reactor.netty.resources.ConnectionProvider;

/** Reactor Netty: messages go into a sink whose stream the connection sends. */
final class ReactorNettyContender extends CallbackContender {
    /** Tries again while another thread is in the sink. {@code busyLooping} gives up once its time is over, counted from when it was made. */
    private static final EmitFailureHandler SENDERS_TAKE_TURNS =
            (signal, result) -> result == EmitResult.FAIL_NON_SERIALIZED;

    private Connection[] connections = {};

    ReactorNettyContender(ClientOptions options) {
        super(options);
    }

    @Override
    public void connect(Receiver receiver) throws Exception {
        HttpClient http = HttpClient.create(ConnectionProvider.create("report", options.channels));
        if (options.tls) {
            SslContext context = Trust.netty();
            http = http.secure(spec -> spec.sslContext(context));
        }
        connections = new Connection[options.channels];
        for (int i = 0; i < connections.length; i++) {
            Connection connection = new Connection(i, receiver);
            connections[i] = connection;
            connection.life = http.websocket()
                    .uri(options.uri())
                    .handle(connection::serve)
                    .subscribe(
                            ignored -> {}, connection::end, () -> connection.end(new IllegalStateException("closed")));
            connection.open.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
    }

    @Override
    public Outbox newOutbox() {
        byte[] rest = new byte[options.bytes - ClientOptions.SEQUENCE_BYTES];
        return new Outbox() {
            @Override
            public void send(int connection, long sequence, boolean more) {
                Connection to = connections[connection];
                ByteBuf payload = Objects.requireNonNull(to.allocator).buffer(options.bytes);
                to.emit(new BinaryWebSocketFrame(payload.writeLong(sequence).writeBytes(rest)));
            }

            @Override
            public void sendText(int connection, String text) {
                connections[connection].emit(new TextWebSocketFrame(text));
            }
        };
    }

    @Override
    public void close() {
        for (Connection connection : connections) {
            Objects.requireNonNull(connection.life).dispose();
        }
    }

    private static final class Connection {
        private final Sinks.Many<WebSocketFrame> sink = Sinks.many().unicast().onBackpressureBuffer();
        private final CompletableFuture<Boolean> open = new CompletableFuture<>();
        private final int number;
        private final Receiver receiver;
        private volatile @Nullable ByteBufAllocator allocator;
        private @Nullable Disposable life;

        Connection(int number, Receiver receiver) {
            this.number = number;
            this.receiver = receiver;
        }

        Publisher<Void> serve(WebsocketInbound in, WebsocketOutbound out) {
            allocator = out.alloc();
            Mono<Void> received =
                    in.aggregateFrames().receiveFrames().doOnNext(this::receive).then();
            Mono<Void> sent = out.sendObject(sink.asFlux()).then();
            open.complete(true);
            return Mono.when(received, sent);
        }

        void emit(WebSocketFrame frame) {
            sink.emitNext(frame, SENDERS_TAKE_TURNS);
        }

        private void receive(WebSocketFrame frame) {
            if (frame instanceof BinaryWebSocketFrame) {
                ByteBuf content = frame.content();
                receiver.onMessage(number, content.getLong(content.readerIndex()), content.readableBytes());
            } else if (frame instanceof TextWebSocketFrame) {
                receiver.onText(number);
            }
        }

        void end(Throwable why) {
            open.completeExceptionally(why);
            receiver.onEnd(number, why.toString());
        }
    }
}
