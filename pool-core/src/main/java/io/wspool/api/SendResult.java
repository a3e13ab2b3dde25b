package io.wspool.api;

/** What a send answers. Only {@link #ACCEPTED} means that the pool owes an outcome; all others had no effect. */
public enum SendResult {
    /** The pool has copied the message and will tell what became of it: confirmed, not sent, or unknown. */
    ACCEPTED,
    /** Every eligible channel is at its bound; {@code onWritable} tells when to try again. */
    BACK_PRESSURED,
    /** No channel is live; listen to the pool's state or wait with {@code awaitReady}. */
    NO_LIVE_CHANNEL,
    /** The payload is over {@link ChannelLimits#maxSendBytes}; it can never be sent. */
    TOO_LARGE,
    /** The pool, or the channel that the message was bound to, is closed or closing. */
    CLOSED
}
