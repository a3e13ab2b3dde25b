package io.wspool.loop;

import io.netty.channel.Channel;
import io.netty.channel.unix.Socket;
import io.netty.channel.unix.UnixChannel;
import java.io.IOException;

/** Netty's native sockets: what those of Linux and of BSD have in common. */
abstract sealed class UnixTransport extends SocketTransport permits EpollTransport, IoUringTransport, KqueueTransport {
    @Override
    public final boolean pollBySelect() {
        return false;
    }

    @Override
    final void shut(Channel channel) throws IOException {
        // Not closed: the number could be given to another socket while the owner still writes to this one.
        ((Socket) ((UnixChannel) channel).fd()).shutdown(true, true);
    }
}
