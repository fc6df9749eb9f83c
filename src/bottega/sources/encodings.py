"""In which encoding a file's bytes are text: by its byte order mark, else UTF-8 where every byte is, else a guess."""

from __future__ import annotations

import codecs
from typing import BinaryIO

__all__ = ["GUESSED", "has_zero_or_encoding", "marked_encoding"]

GUESSED = "cp1252"
"""What is read where nothing confirms an encoding."""
_BLOCK_BYTES = 1024 * 1024
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def marked_encoding(head: bytes) -> str | None:
    """What the byte order mark says; None without one."""
    return next((encoding for mark, encoding in _MARKS if head.startswith(mark)), None)


def has_zero_or_encoding(stream: BinaryIO) -> str | None:
    """UTF-8 when every byte is, else Windows-1252; None where a zero byte says that it is no text."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    encoding = "utf-8"
    while block := stream.read(_BLOCK_BYTES):
        if b"\0" in block:
            return None
        if encoding == "utf-8":
            try:
                decoder.decode(block)
            except UnicodeDecodeError:
                encoding = GUESSED
    if encoding == "utf-8":
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            encoding = GUESSED
    return encoding
