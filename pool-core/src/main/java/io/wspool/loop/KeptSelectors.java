package io.wspool.loop;

import java.io.IOException;
import java.net.ProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The system's selectors, remembered so that they can be closed from outside their loops. Any thread. */
final class KeptSelectors extends SelectorProvider {
    private static final Logger LOG = LoggerFactory.getLogger(KeptSelectors.class);

    private final SelectorProvider system = SelectorProvider.provider();
    private final Queue<Selector> kept = new ConcurrentLinkedQueue<>();

    @Override
    public AbstractSelector openSelector() throws IOException {
        AbstractSelector selector = system.openSelector();
        kept.add(selector);
        return selector;
    }

    void close() {
        for (Selector selector : kept) {
            try {
                selector.close();
            } catch (IOException e) {
                LOG.debug("a selector could not be closed", e);
            }
        }
    }

    @Override
    public DatagramChannel openDatagramChannel() throws IOException {
        return system.openDatagramChannel();
    }

    @Override
    public DatagramChannel openDatagramChannel(ProtocolFamily family) throws IOException {
        return system.openDatagramChannel(family);
    }

    @Override
    public Pipe openPipe() throws IOException {
        return system.openPipe();
    }

    @Override
    public ServerSocketChannel openServerSocketChannel() throws IOException {
        return system.openServerSocketChannel();
    }

    @Override
    public SocketChannel openSocketChannel() throws IOException {
        return system.openSocketChannel();
    }
}
