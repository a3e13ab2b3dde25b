/**
 * The bytes of RFC 6455: handshake head, frames, masking, UTF-8, close codes.
 * <p>Frames are read in place and written in one pass into a buffer that somebody else owns. What a peer does wrong is
 * told with the close code it deserves; nothing is allocated because a peer declared a length.
 * <p>Uses {@code api}. Knows no pool, no thread and no clock; mask keys and nonces come in as a source.
 */
package io.wspool.wire;
