"""In which encoding a source's bytes are text.

In this order: what `--encoding` says; a byte order mark; what the text declares (XML); UTF-8 where its bytes allow it;
a guess by language (`guessing.py`). A byte that is no character in the encoding becomes a lone surrogate (half of a
character, `bottega/texts.py`), which costs its field and not the file.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import StrEnum
from typing import BinaryIO

from bottega.sources.guessing import guess_encoding, telling_lines

__all__ = ["WRONG_BYTES", "Encoding", "How", "encoding_of", "encoding_of_head", "known_encoding"]

WRONG_BYTES = "bottega.wrong_bytes"
"""Name of the error handler that turns wrong bytes into lone surrogates."""
_BLOCK_BYTES = 128 * 1024
_SAMPLE_BYTES = 16 * 1024
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(rb"^\s*<\?xml[^>]*?\sencoding\s*=\s*[\"']([^\"'>]{1,40})[\"']")
_WIDER = {
    "ascii": "cp1252", "iso8859-1": "cp1252", "iso8859-9": "cp1254", "gb2312": "gb18030", "gbk": "gb18030",
    "shift_jis": "cp932", "shift_jisx0213": "cp932", "euc_kr": "cp949", "big5": "big5hkscs", "cp950": "big5hkscs",
    "utf-8": "utf-8-sig", "tis-620": "cp874", "cp936": "gb18030",
}  # fmt: skip
"""What files hold that say so: every one of these holds all of the narrower, and browsers do the same."""
_OTHER_NAMES = {
    "utf8mb4": "utf-8", "utf8mb3": "utf-8", "unicode": "utf-16", "ucs-2": "utf-16", "ansi": "cp1252",
    "x-sjis": "cp932", "windows-31j": "cp932", "ms932": "cp932", "x-gbk": "gb18030", "x-euc-jp": "euc_jp",
    "ks_c_5601-1987": "cp949", "windows-949": "cp949", "x-mac-roman": "mac_roman", "x-big5": "big5hkscs",
    "windows-874": "cp874", "iso-8859-8-i": "iso8859_8", "x-cp1250": "cp1250", "x-cp1251": "cp1251",
    "x-cp1252": "cp1252",
}  # fmt: skip
_NO_TEXT = frozenset({"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "utf-7", "mbcs", "oem"})
_CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\v\f\r\x1a\x1b")
_ODD_MIN = 64
"""Zeros and controls that a text may hold: a few are typing errors."""
_ZEROS_MIN = 0.1
"""Share of zeros on one side of byte pairs above which text is UTF-16 without a mark."""
_ONE_BYTE = ("cp12", "cp8", "iso8859", "koi8", "mac")
"""Of one byte a character, in which any bytes are text: where all are UTF-8, it was declared by mistake."""
_SURROGATE = re.compile("[\udc80-\udcff]")
_BEYOND_ASCII = re.compile("[^\x00-\x7f\udc80-\udcff]")


class How(StrEnum):
    """How an encoding came to be known."""

    GIVEN = "given"
    MARK = "mark"
    DECLARED = "declared"
    FITS = "fits"
    """Every byte, or nearly every one, is UTF-8."""
    GUESSED = "guessed"


@dataclass(frozen=True, slots=True)
class Encoding:
    """The encoding of a source, and how it came to be known."""

    name: str
    """Python's name."""
    how: How
    language: str = ""
    """Whose letters it was guessed by."""
    sure: float = 1.0
    """From 0 to 1."""
    wrong_bytes: int = 0
    """How many bytes are no character in it."""

    def said(self) -> str:
        """What a report says of it; nothing where there is nothing to say."""
        if self.how is How.GUESSED:
            return f"read as {self.name}, guessed by its letters ({self.language}), {self.sure:.0%} sure"
        if self.wrong_bytes:
            return f"read as {self.name}, in which {self.wrong_bytes:,} of its bytes are no character"
        return ""


def known_encoding(name: str) -> str | None:
    """Python's name of an encoding of text that goes by any of its names; None where there is none.

    >>> [known_encoding(name) for name in ("windows-1250", "UTF8MB4", "Shift_JIS", "klingon", "base64")]
    ['cp1250', 'utf-8-sig', 'cp932', None, None]
    """
    plain = name.strip().lower()
    try:
        found = codecs.lookup(_OTHER_NAMES.get(plain, plain))
        b"".decode(found.name)
    except (LookupError, ValueError):
        return None
    if found.name in _NO_TEXT or not getattr(found, "_is_text_encoding", True):
        return None
    return _WIDER.get(found.name, found.name)


def encoding_of_head(head: bytes, beside: str | None = None) -> str:
    """The same as far as the beginning of a source tells it."""
    marked = _marked(head) or _wide(head)
    if marked is not None:
        return marked
    declared = _said_of(head, beside)
    if declared is not None and (head.isascii() or not declared.startswith(_ONE_BYTE)):
        return declared
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return declared or _by_counts(_Counts().add(head, last=True)).name
    return "utf-8"


def encoding_of(
    opened: Callable[[], AbstractContextManager[BinaryIO]], head: bytes, beside: str | None = None
) -> Encoding:
    """The encoding of a whole source, which is read once, unless its beginning says it. `beside`: declared with it."""
    if marked := _marked(head):
        return Encoding(marked, How.MARK)
    if wide := _wide(head):
        return Encoding(wide, How.FITS)
    declared = _said_of(head, beside)
    counts = _Counts()
    with opened() as stream:
        while block := stream.read(_BLOCK_BYTES):
            counts.add(block)
    counts.add(b"", last=True)
    controls = len(head) - len(head.translate(None, _CONTROLS))
    if max(counts.zeros, controls) >= _ODD_MIN and (counts.zeros * 100 > counts.size or controls * 20 > len(head)):
        return Encoding("", How.GUESSED, sure=0.0)
    if declared is not None:
        is_utf8 = counts.beyond and not counts.wrong and declared.startswith(_ONE_BYTE)
        return Encoding("utf-8", How.FITS) if is_utf8 else Encoding(declared, How.DECLARED)
    return _by_counts(counts)


class _Counts:
    """What the bytes of a source are, read as UTF-8."""

    def __init__(self) -> None:
        self.size = self.zeros = self.wrong = self.beyond = 0
        self.sample = b""
        self.mac_lines = False
        self._rest = b""

    def add(self, block: bytes, *, last: bool = False) -> _Counts:
        """Count a block. A character cut by its end waits for the next."""
        self.size += len(block)
        self.zeros += block.count(0)
        if not self.mac_lines and self.size == len(block):
            self.mac_lines = b"\r" in block and b"\n" not in block
        block = self._rest + block
        self._rest = b""
        if block.isascii():
            return self
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            text = decoder.decode(block, final=last)
            self._rest = decoder.getstate()[0]
            self.beyond += len(block) - len(self._rest) - len(text)
        except UnicodeDecodeError:
            text = block.decode("utf-8", errors="surrogateescape")
            self.wrong += len(_SURROGATE.findall(text))
            self.beyond += len(_BEYOND_ASCII.findall(text))
            if len(self.sample) < _SAMPLE_BYTES:
                self.sample += b"\n" + telling_lines(block)
        return self


def _by_counts(counts: _Counts) -> Encoding:
    """UTF-8 where at least half of what is beyond ASCII is: other encodings hardly ever look like it."""
    if counts.beyond >= counts.wrong:
        return Encoding("utf-8", How.FITS, wrong_bytes=counts.wrong)
    guess = guess_encoding(counts.sample, mac_lines=counts.mac_lines)
    return Encoding(guess.encoding, How.GUESSED, guess.language, guess.sure)


def _marked(head: bytes) -> str | None:
    return next((encoding for mark, encoding in _MARKS if head.startswith(mark)), None)


def _wide(head: bytes) -> str | None:
    """UTF-16 without a mark: every ASCII character of it has a zero, always on the same side."""
    pairs = len(head) // 2
    if pairs < 2:
        return None
    high, low = head[0 : 2 * pairs : 2].count(0), head[1 : 2 * pairs : 2].count(0)
    if low >= _ZEROS_MIN * pairs and high * 20 <= low:
        return "utf-16-le"
    return "utf-16-be" if high >= _ZEROS_MIN * pairs and low * 20 <= high else None


def _said_of(head: bytes, beside: str | None) -> str | None:
    """What a text declares in it or beside it; None for UTF-8, which its bytes have to prove.

    Servers say one thing of all their files, so what a document says of itself comes first.
    """
    return next((one for one in (_declared(head), beside) if one is not None and one != "utf-8-sig"), None)


def _declared(head: bytes) -> str | None:
    found = _DECLARED.match(head)
    return known_encoding(found[1].decode("ascii", errors="replace")) if found else None


def _kept_as_surrogates(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    if error.encoding.startswith("utf-16") or error.encoding.startswith("utf-32"):
        return "\ufffd", error.end
    wrong = error.object[error.start : error.end]
    return "".join(chr(0xDC00 + byte) if byte >= 0x80 else "\ufffd" for byte in wrong), error.end


codecs.register_error(WRONG_BYTES, _kept_as_surrogates)
