package io.wspool.examples;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;

/**
 * The demo's binary messages, all of one length. An order goes to the server, which sends the very same bytes back; so any
 * echo server will do. A welcome is the first that our own server sends on a connection, and carries the connection's number.
 */
final class OrderFormat {
    static final int BYTES = 48;
    static final int ORDER = 0x4F524452; // "ORDR"
    static final int WELCOME = 0x57454C43; // "WELC"

    /** Of the order, or of the connection. */
    static final int ID_AT = 8;

    /** When the order was handed to the pool, by the clock of this process. */
    static final int SENT_AT = 16;

    private static final int PRICE_AT = 24;
    private static final int QUANTITY_AT = 32;
    private static final int SYMBOL_AT = 40;
    private static final long SYMBOL = 0x4554482D55534420L; // "ETH-USD "

    private OrderFormat() {}

    /** A buffer in which only id and time will change from order to order. */
    static ByteBuffer newOrder() {
        return ByteBuffer.allocateDirect(BYTES)
                .putInt(0, ORDER)
                .putLong(PRICE_AT, 312_750_000)
                .putLong(QUANTITY_AT, 25)
                .putLong(SYMBOL_AT, SYMBOL);
    }

    static ByteBuffer welcome(int connection) {
        return ByteBuffer.allocate(BYTES).putInt(0, WELCOME).putLong(ID_AT, connection);
    }

    /** The kind, or 0 for what is none of ours. */
    static int kind(ByteBuf content) {
        return content.readableBytes() == BYTES ? content.getInt(content.readerIndex()) : 0;
    }

    static long id(ByteBuf content) {
        return content.getLong(content.readerIndex() + ID_AT);
    }
}
