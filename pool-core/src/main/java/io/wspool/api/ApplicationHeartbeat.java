package io.wspool.api;

import java.nio.charset.StandardCharsets;
import java.util.function.Predicate;

/**
 * A heartbeat in messages instead of protocol pings, for servers that know only such. Its replies are signs of life and are
 * not handed to the {@link MessageListener}; they confirm no sends, because only a pong with a fresh payload can.
 */
public final class ApplicationHeartbeat {
    /** The text that {@link #text()} sends. */
    public static final String DEFAULT_TEXT = "__HEARTBEAT__";

    private final boolean isText;
    private final byte[] payload;
    private final Predicate<Message> reply;

    private ApplicationHeartbeat(boolean isText, byte[] payload, Predicate<Message> reply) {
        this.isText = isText;
        Check.within("heartbeat.bytes", payload.length, 0, ChannelLimits.MOST_FRAGMENT_BYTES);
        this.payload = payload;
        this.reply = Check.notNull("heartbeat.reply", reply);
    }

    /** {@value #DEFAULT_TEXT}, answered by the same text. */
    public static ApplicationHeartbeat text() {
        return text(
                DEFAULT_TEXT,
                message -> message.isText()
                        && message.length() == DEFAULT_TEXT.length()
                        && message.text().equals(DEFAULT_TEXT));
    }

    /** Any text; {@code reply} runs on the loop for each received message and says which ones are answers. */
    public static ApplicationHeartbeat text(String text, Predicate<Message> reply) {
        return new ApplicationHeartbeat(
                true, Check.notNull("heartbeat.text", text).getBytes(StandardCharsets.UTF_8), reply);
    }

    /** Any bytes; {@code reply} runs on the loop for each received message and says which ones are answers. */
    public static ApplicationHeartbeat bytes(byte[] bytes, Predicate<Message> reply) {
        return new ApplicationHeartbeat(
                false, Check.notNull("heartbeat.bytes", bytes).clone(), reply);
    }

    /** Whether it goes as text. */
    public boolean isText() {
        return isText;
    }

    /** A copy of what is sent. */
    public byte[] payload() {
        return payload.clone();
    }

    /** Whether a received message answers it. */
    public boolean isReply(Message message) {
        return reply.test(message);
    }
}
