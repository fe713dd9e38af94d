"""Compressed input is read up to a limit: a file of a few kilobytes may unpack to any size."""

import io
from typing import IO

_FREE_UNPACKED_BYTES = 64 << 20
_MAX_RATIO = 200
"""Source: zlib packs zeros 1,030 to 1, text at most some 20 to 1."""
_CHUNK_BYTES = 1 << 20


class TooManyBytes(Exception):
    """A stream holds more bytes than its limit, or one read asks for more than a read may."""


def max_unpacked_bytes(packed_bytes: int) -> int:
    """The most that a compressed file of this many bytes may unpack to, in bytes."""
    return _FREE_UNPACKED_BYTES + _MAX_RATIO * packed_bytes


def read_all(stream: IO[bytes] | io.BufferedIOBase, max_bytes: int) -> bytes:
    """All bytes of a stream.

    Raises:
        TooManyBytes: there are more than `max_bytes`.
    """
    limited = LimitedReader(stream, max_bytes, _CHUNK_BYTES, can_rewind=False)
    chunks: list[bytes] = []
    while chunk := limited.read(_CHUNK_BYTES):
        chunks.append(chunk)
    return b"".join(chunks)


class LimitedReader(io.RawIOBase):
    """Reads a binary stream up to a number of bytes; the stream stays open when this is closed.

    Args:
        stream: at its start.
        max_bytes: of the stream; reading or seeking behind them raises TooManyBytes.
        max_read_bytes: of one call of `read`; a call for more, or for all, raises TooManyBytes, so that a false size in
            a header allocates no memory.
        can_rewind: whether `seek(0)` goes back to the start; else it goes forward only.
    """

    def __init__(
        self, stream: IO[bytes] | io.BufferedIOBase, max_bytes: int, max_read_bytes: int, *, can_rewind: bool
    ) -> None:
        self._stream = stream
        self._max_bytes = max_bytes
        self._max_read_bytes = max_read_bytes
        self._can_rewind = can_rewind
        self._position = 0

    def readable(self) -> bool:
        """True."""
        return True

    def seekable(self) -> bool:
        """Whether `seek` can go back."""
        return self._can_rewind

    def tell(self) -> int:
        """Bytes from the start."""
        return self._position

    def seek(self, offset: int, whence: int = 0) -> int:
        """Skip bytes up to an offset from the start, or up to the end of the stream; returns the new position.

        Raises:
            TooManyBytes: the offset is over the limit.
            UnsupportedOperation: it would go back.
        """
        if offset == 0 and whence == 0 and self._can_rewind:
            self._stream.seek(0)
            self._position = 0
        if whence or offset < self._position:
            raise io.UnsupportedOperation(f"this stream cannot go to byte {offset} from byte {self._position}")
        if offset > self._max_bytes:
            raise TooManyBytes
        chunk_bytes = min(_CHUNK_BYTES, self._max_read_bytes)
        while self._position < offset and self.read(min(chunk_bytes, offset - self._position)):
            pass
        return self._position

    def read(self, size: int = -1) -> bytes:
        """At most `size` bytes; none at the end.

        Raises:
            TooManyBytes: the size or what was read in all is over its limit.
        """
        if size < 0 or size > self._max_read_bytes:
            raise TooManyBytes
        chunk = self._stream.read(size)
        self._position += len(chunk)
        if self._position > self._max_bytes:
            raise TooManyBytes
        return chunk

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fill the start of a buffer as `read` does; returns the number of bytes."""
        chunk = self.read(len(buffer))
        buffer[: len(chunk)] = chunk
        return len(chunk)
