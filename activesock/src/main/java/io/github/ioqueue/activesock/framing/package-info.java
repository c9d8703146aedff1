/**
 * Messages on a stream. A stream has no borders: what was sent at once may come in pieces, or together with what follows.
 * A {@link io.github.ioqueue.activesock.framing.Framing} says where frames begin and end, and how large they may be; {@link
 * io.github.ioqueue.activesock.framing.Framed} stands between the socket and the {@link
 * io.github.ioqueue.activesock.framing.FrameHandler}, which gets each frame whole, in place.
 *
 * <pre>{@code
 * Framing framing = Framing.lengthField(4, 64_000);
 * StreamConfig limits = framing.fit(StreamConfig.forServers());
 * Listener.on(7000).config(limits).open(group, accepted -> new Framed(framing, new MyHandler(framing)));
 * }</pre>
 *
 * A frame comes once. A handler that is refused as {@code FULL} when it answers keeps what it has to keep, pauses reading, so
 * that no other frame comes, and goes on in {@code onWritable}.
 *
 * Read {@code Framed} first, then {@code LengthField} and {@code Delimited}.
 */
@NullMarked
package io.github.ioqueue.activesock.framing;

import org.jspecify.annotations.NullMarked;
