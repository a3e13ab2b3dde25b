package io.wspool.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.util.AsciiString;

/**
 * Netty's parser of HTTP responses, as strict as RFC 9112 is where Netty is lenient towards servers. A head that breaks
 * the rules comes out with a failed {@code decoderResult}; nothing is thrown.
 * <p>A handler of its own instead of {@code HttpClientCodec}, which is final: the strictness sits in protected hooks,
 * and the codec's encoder would refuse the frames that are written before it is gone.
 */
final class UpgradeResponseDecoder extends HttpResponseDecoder {
    /** Status line and headers together: 8 KiB. */
    static final int MAX_STATUS_LINE_BYTES = 1024;

    static final int MAX_HEADER_BYTES = 7 * 1024;

    private long bytesSeen;

    UpgradeResponseDecoder() {
        super(new HttpDecoderConfig()
                .setMaxInitialLineLength(MAX_STATUS_LINE_BYTES)
                .setMaxHeaderSize(MAX_HEADER_BYTES)
                .setValidateHeaders(true)
                .setAllowDuplicateContentLengths(false)
                .setStrictLineParsing(true)
                .setUseRfc9112TransferEncoding(true));
    }

    /** How many bytes the server has sent so far. */
    long bytesSeen() {
        return bytesSeen;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object input) throws Exception {
        if (input instanceof ByteBuf bytes) {
            bytesSeen += bytes.readableBytes();
        }
        super.channelRead(ctx, input);
    }

    @Override
    protected HttpMessage createMessage(String[] initialLine) {
        String status = initialLine[1];
        if (status.length() != 3 || !status.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new IllegalArgumentException("status that is no three digits"); // RFC 9112 §4
        }
        return super.createMessage(initialLine);
    }

    @Override
    protected AsciiString splitHeaderName(byte[] line, int start, int length) {
        if (length == 0) {
            throw new IllegalArgumentException("header without a name");
        }
        if (line[start + length] != ':') {
            throw new IllegalArgumentException("white space between a header's name and its colon"); // RFC 9112 §5.1
        }
        return super.splitHeaderName(line, start, length);
    }
}
