package io.wspool.loop;

import io.netty.buffer.ByteBuf;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;

/**
 * An epoll channel's descriptor. The kernel gives a closed descriptor's number to the next connection, and {@link Socket}
 * does not look whether it was closed: so each call asks the channel first. Both are changed on this one thread only.
 */
final class EpollDirectSocket implements DirectSocket {
    private final EpollSocketChannel channel;

    EpollDirectSocket(EpollSocketChannel channel) {
        this.channel = channel;
    }

    @Override
    public int read(ByteBuf target) throws IOException {
        Socket socket = open();
        int from = target.writerIndex();
        int bytes;
        if (target.hasMemoryAddress()) {
            bytes = socket.recvAddress(target.memoryAddress(), from, target.capacity());
        } else {
            ByteBuffer view = target.internalNioBuffer(from, target.writableBytes());
            bytes = socket.recv(view, view.position(), view.limit());
        }
        if (bytes > 0) {
            target.writerIndex(from + bytes);
        }
        return bytes;
    }

    @Override
    public void write(ByteBuf source) throws IOException {
        Socket socket = open();
        int bytes;
        if (source.hasMemoryAddress()) {
            bytes = socket.sendAddress(source.memoryAddress(), source.readerIndex(), source.writerIndex());
        } else {
            ByteBuffer view = source.internalNioBuffer(source.readerIndex(), source.readableBytes());
            bytes = socket.send(view, view.position(), view.limit());
        }
        source.skipBytes(bytes);
    }

    /** Its recv and send are shorter ways into the kernel than read and write. */
    private Socket open() throws ClosedChannelException {
        if (!channel.isOpen()) {
            throw new ClosedChannelException();
        }
        return (Socket) channel.fd();
    }
}
