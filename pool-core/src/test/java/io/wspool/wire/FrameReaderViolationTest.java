package io.wspool.wire;

import static io.wspool.wire.ServerStream.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each breach gets its code, once, however the stream was cut; and nothing is told after it. */
class FrameReaderViolationTest {
    private static final int LIMIT = ServerStream.MAX_MESSAGE;

    static Stream<Arguments> breaches() {
        Stream.Builder<Arguments> rows = Stream.builder();
        for (int opcode : new int[] {3, 4, 5, 6, 7, 11, 12, 13, 14, 15}) {
            rows.add(row("reserved opcode " + opcode, 1002, new ServerStream().raw(0x80 | opcode, 0)));
        }
        for (int rsv : new int[] {0x40, 0x20, 0x10, 0x70}) {
            rows.add(row("reserved bits " + rsv + " on text", 1002, new ServerStream().raw(0x81 | rsv, 1, 'a')));
            rows.add(row("reserved bits " + rsv + " on a ping", 1002, new ServerStream().raw(0x89 | rsv, 0)));
            rows.add(row("reserved bits " + rsv + " on a Close", 1002, new ServerStream().raw(0x88 | rsv, 0)));
        }
        rows.add(row(
                "reserved bit on a continuation",
                1002,
                new ServerStream().frame(Opcodes.TEXT, false, utf8("a")).raw(0xC0, 0)));
        rows.add(row("masked text", 1002, new ServerStream().raw(0x81, 0x81, 1, 2, 3, 4, 'a' ^ 1)));
        rows.add(row("masked ping", 1002, new ServerStream().raw(0x89, 0x80, 1, 2, 3, 4)));
        rows.add(row("masked Close", 1002, new ServerStream().raw(0x88, 0x82, 0, 0, 0, 0, 3, 0xE8)));
        for (int opcode : new int[] {Opcodes.CLOSE, Opcodes.PING, Opcodes.PONG}) {
            rows.add(row("fragmented control frame " + opcode, 1002, new ServerStream().raw(opcode, 0)));
            rows.add(row(
                    "control frame of 126 bytes " + opcode,
                    1002,
                    new ServerStream().frame(opcode, true, new byte[126])));
            rows.add(row("control frame of 64 KiB " + opcode, 1002, new ServerStream().head(opcode, true, 0x10000)));
        }
        rows.add(row(
                "125 in two bytes",
                1002,
                new ServerStream().raw(0x82, 126, 0, 125).raw(new byte[125])));
        rows.add(row("0 in two bytes", 1002, new ServerStream().raw(0x82, 126, 0, 0)));
        rows.add(row(
                "65535 in eight bytes", 1002, new ServerStream().raw(0x82, 127).number(0xFFFF, 8)));
        rows.add(row("0 in eight bytes", 1002, new ServerStream().raw(0x82, 127).number(0, 8)));
        rows.add(row("top bit", 1002, new ServerStream().raw(0x82, 127).number(Long.MIN_VALUE, 8)));
        rows.add(row("all bits", 1002, new ServerStream().raw(0x82, 127).number(-1, 8)));
        for (long length : new long[] {LIMIT + 1L, 1L << 31, 1L << 32, 1L << 53, Long.MAX_VALUE}) {
            rows.add(row("length " + length, 1009, new ServerStream().head(Opcodes.BINARY, true, length)));
            rows.add(row("text length " + length, 1009, new ServerStream().head(Opcodes.TEXT, false, length)));
            rows.add(row(
                    "fragment of length " + length,
                    1009,
                    new ServerStream()
                            .frame(Opcodes.TEXT, false, utf8("a"))
                            .head(Opcodes.CONTINUATION, false, length)));
        }
        rows.add(row(
                "total of two fragments one over the limit",
                1009,
                new ServerStream().frame(Opcodes.BINARY, false, utf8("a")).head(Opcodes.CONTINUATION, true, LIMIT)));
        rows.add(row("continuation first", 1002, new ServerStream().frame(Opcodes.CONTINUATION, true, utf8("a"))));
        rows.add(row(
                "unfinished continuation first",
                1002,
                new ServerStream().frame(Opcodes.CONTINUATION, false, utf8("a"))));
        for (int opcode : new int[] {Opcodes.TEXT, Opcodes.BINARY}) {
            rows.add(row(
                    "new message " + opcode + " inside a message",
                    1002,
                    new ServerStream().frame(Opcodes.TEXT, false, utf8("a")).frame(opcode, true, utf8("b"))));
            rows.add(row(
                    "new unfinished message " + opcode + " inside an empty one",
                    1002,
                    new ServerStream().frame(Opcodes.BINARY, false, new byte[0]).frame(opcode, false, utf8("b"))));
        }
        rows.add(row("Close body of one byte", 1002, new ServerStream().frame(Opcodes.CLOSE, true, new byte[1])));
        for (int code : new int[] {0, 1, 999, 1004, 1005, 1006, 1015, 1016, 2000, 2999, 5000, 32767, 32768, 65535}) {
            rows.add(row("close code " + code, 1002, new ServerStream().close(code, new byte[0])));
            rows.add(row(
                    "close code with a bad reason " + code, 1002, new ServerStream().close(code, new byte[] {(byte) 0xFF
                            })));
        }
        for (byte[] bad : BAD_TEXTS) {
            String name = Arrays.toString(bad);
            rows.add(row("text " + name, 1007, new ServerStream().frame(Opcodes.TEXT, true, bad)));
            rows.add(row("close reason " + name, 1007, new ServerStream().close(1000, bad)));
            ServerStream bytewise = new ServerStream().frame(Opcodes.TEXT, false, utf8("\u00e4"));
            for (byte b : bad) {
                bytewise.frame(Opcodes.CONTINUATION, false, new byte[] {b});
            }
            rows.add(row(
                    "text in fragments of one byte " + name,
                    1007,
                    bytewise.frame(Opcodes.CONTINUATION, true, new byte[0])));
        }
        return rows.build();
    }

    /** Overlong, surrogate, too high, a lone continuation, a lead without one, cut off. */
    private static final List<byte[]> BAD_TEXTS = List.of(
            bytes(0xC0, 0x80),
            bytes(0xC1, 0xBF),
            bytes(0xE0, 0x9F, 0xBF),
            bytes(0xF0, 0x8F, 0xBF, 0xBF),
            bytes(0xED, 0xA0, 0x80),
            bytes(0xED, 0xBF, 0xBF),
            bytes(0xF4, 0x90, 0x80, 0x80),
            bytes(0xF5, 0x80, 0x80, 0x80),
            bytes(0xFF),
            bytes(0x80),
            bytes('a', 0xBF),
            bytes(0xC3, 'a'),
            bytes(0xC3),
            bytes(0xE2, 0x82),
            bytes(0xF0, 0x9F, 0x98));

    private static Arguments row(String name, int code, ServerStream stream) {
        return arguments(name, code, stream.bytes());
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("breaches")
    void isToldOnceWithItsCodeAndNothingAfterIt(String name, int code, byte[] breach) {
        byte[] before = new ServerStream()
                .text("before")
                .frame(Opcodes.PING, true, new byte[] {1})
                .bytes();
        byte[] stream = new ServerStream()
                .raw(before)
                .raw(breach)
                .text("after")
                .frame(Opcodes.PING, true, new byte[0])
                .close(1000, new byte[0])
                .raw(0x83, 0x80)
                .bytes();
        List<String> expected = List.of(RecordingSink.message(true, utf8("before")), "ping 01", "violation " + code);

        assertThat(ServerStream.read(stream)).isEqualTo(expected);
        assertThat(ServerStream.readByteByByte(stream)).isEqualTo(expected);
        for (int cut = before.length; cut < stream.length; cut++) {
            assertThat(ServerStream.read(stream, cut)).as("cut at %d", cut).isEqualTo(expected);
        }
    }

    @Test
    void theBatchOfAViolationIsNoSignOfLife() {
        RecordingSink sink = new RecordingSink();
        EmbeddedChannel channel = ServerStream.channel(sink);
        ServerStream.feed(channel, new ServerStream().text("a").raw(0x83));
        assertThat(sink.events).containsExactly("text 61", "violation 1002");
        channel.finish();
    }

    @ParameterizedTest
    @ValueSource(
            ints = {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999})
    void legalCloseCodesAreNoBreach(int code) {
        assertThat(ServerStream.read(
                        new ServerStream().close(code, utf8("\u00e4")).bytes()))
                .containsExactly("close " + code + " \u00e4");
    }

    @Test
    void aBadByteIsToldBeforeItsFrameIsWhole() {
        byte[] head = new ServerStream()
                .head(Opcodes.TEXT, true, 1000)
                .raw(utf8("good so far"))
                .bytes();
        assertThat(ServerStream.read(head)).isEmpty();
        assertThat(ServerStream.read(new ServerStream().raw(head).raw(0xC3).bytes()))
                .isEmpty();
        assertThat(ServerStream.read(new ServerStream().raw(head).raw(0xC3, 'a').bytes()))
                .containsExactly("violation 1007");
        assertThat(ServerStream.read(
                        new ServerStream().raw(head).raw(0xED, 0xA0).bytes()))
                .containsExactly("violation 1007");
    }

    @Test
    void binaryMayHoldAnything() {
        assertThat(ServerStream.read(new ServerStream()
                        .frame(Opcodes.BINARY, true, bytes(0xFF, 0x80))
                        .bytes()))
                .containsExactly("binary ff80");
    }

    @Test
    void aMessageOfTheWholeLimitPassesAndOneByteMoreIsRefusedBeforeItComes() {
        byte[] payload = new byte[LIMIT];
        assertThat(ServerStream.read(
                        new ServerStream().frame(Opcodes.BINARY, true, payload).bytes()))
                .containsExactly(RecordingSink.message(false, payload));

        ServerStream inTwo = new ServerStream()
                .frame(Opcodes.BINARY, false, new byte[LIMIT - 10])
                .frame(Opcodes.CONTINUATION, true, new byte[10])
                .text("next");
        assertThat(ServerStream.read(inTwo.bytes()))
                .as("and the count starts anew")
                .containsExactly(RecordingSink.message(false, payload), RecordingSink.message(true, utf8("next")));

        assertThat(ServerStream.read(
                        new ServerStream().head(Opcodes.BINARY, true, LIMIT).bytes()))
                .isEmpty();
        assertThat(ServerStream.read(
                        new ServerStream().head(Opcodes.BINARY, true, LIMIT + 1).bytes()))
                .containsExactly("violation 1009");
    }

    @Test
    void asManyFragmentsAsAllowedPassAndOneMoreIsRefusedAtItsFirstByte() {
        for (int frames : new int[] {3, 4}) {
            ServerStream stream = new ServerStream().frame(Opcodes.TEXT, false, utf8("a"));
            for (int i = 1; i < frames; i++) {
                stream.frame(Opcodes.PING, true, new byte[0]);
                if (i == 3) {
                    stream.raw(0x80);
                } else {
                    stream.frame(Opcodes.CONTINUATION, i == 2 && frames == 3, utf8("b"));
                }
            }
            List<String> expected = new ArrayList<>(List.of("ping ", "ping "));
            expected.addAll(frames == 3 ? List.of("text 616262") : List.of("ping ", "violation 1008"));
            assertThat(read(stream, 3)).isEqualTo(expected);
        }
    }

    @Test
    void aReaderOfOneFrameEachTakesNoFragments() {
        assertThat(read(new ServerStream().text("a").text("b"), 1)).containsExactly("text 61", "text 62");
        assertThat(read(new ServerStream().frame(Opcodes.TEXT, false, utf8("a")).raw(0x80), 1))
                .containsExactly("violation 1008");
    }

    @Test
    void aLimitBelowOneShortFrameHoldsForAWholeMessageToo() {
        for (int opcode : new int[] {Opcodes.BINARY, Opcodes.TEXT}) {
            String passes = RecordingSink.message(opcode == Opcodes.TEXT, new byte[10]);
            assertThat(read(new ServerStream().frame(opcode, true, new byte[10]), 10, 1))
                    .containsExactly(passes);
            assertThat(read(new ServerStream().frame(opcode, true, new byte[11]), 10, 1))
                    .containsExactly("violation 1009");
        }
    }

    private static List<String> read(ServerStream stream, int maxFragments) {
        return read(stream, LIMIT, maxFragments);
    }

    private static List<String> read(ServerStream stream, int maxMessageBytes, int maxFragments) {
        RecordingSink sink = new RecordingSink();
        FrameReader reader = new FrameReader(sink, new PayloadView(), maxMessageBytes, maxFragments);
        EmbeddedChannel channel = new EmbeddedChannel(reader);
        ByteBuf in = Unpooled.wrappedBuffer(stream.bytes());
        channel.writeInbound(in);
        channel.finish();
        return sink.frames();
    }
}
