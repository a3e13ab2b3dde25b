package io.wspool.api;

/** The one end of an accepted message. None of them says "delivered": the client cannot know that. */
public enum Outcome {
    /**
     * The peer's WebSocket endpoint has read it: a pong came back whose ping followed the message on the same channel.
     * Whether the application behind that endpoint handled it, only the application can say.
     */
    CONFIRMED,
    /** No byte of it left this process, or none that the kernel took: it can be sent again without risk. */
    NOT_SENT,
    /** Bytes of it left and its channel ended before a confirming pong: the peer may or may not have read it. */
    UNKNOWN;

    /** Why a message ended as it did. */
    public enum Reason {
        /** A matching pong covered it. */
        PONG,
        /** Its channel ended. */
        CHANNEL_CLOSED,
        /** Its channel ended and no other was live to take it. */
        NO_LIVE_CHANNEL,
        /** Its channel ended and no other had room for it. */
        BACK_PRESSURED,
        /** The pool was closed before it was written. */
        CLOSED,
        /** The endpoint answers no pings, or probes are switched off, so nothing could confirm it. */
        NO_WATERMARK
    }
}
