"""How a picture came to be, said in its file: the IPTC's `DigitalSourceType`, as XMP.

Idea     Who makes or alters a picture by a trained model says so where search engines and feeds look for it, and it
         stays there: taking metadata out of a file (metadata.py) leaves this one statement.
Source   IPTC NewsCodes, digital source type, https://cv.iptc.org/newscodes/digitalsourcetype/; the property
         Iptc4xmpExt:DigitalSourceType of IPTC Photo Metadata 2023.2; where XMP lies in a file: XMP specification part 3
         (JPEG 1.1.3, PNG 1.1.5); WebP: RFC 9649, section 2.7.
Differs  The packet is put into the file as it is: no pixel is encoded anew.
"""

from __future__ import annotations

import re
import zlib
from enum import StrEnum
from io import BytesIO

from PIL import Image

from bottega.errors import PhotoRefused

__all__ = ["SourceType", "altered", "composed_with", "marked", "packet_of", "source_type_of"]


class SourceType(StrEnum):
    """Words of the IPTC's list that pictures of this house can need; the file holds the whole address."""

    GENERATED = "trainedAlgorithmicMedia"
    """Made by a trained model."""
    PARTLY_GENERATED = "compositeWithTrainedAlgorithmicMedia"
    """A photo or drawing with parts that a trained model made."""
    ENHANCED = "algorithmicallyEnhanced"
    """The same picture with light, colour or background set right; nothing was added."""
    COMPOSED = "compositeSynthetic"
    """Put together of pictures and drawn things, without a trained model."""
    DRAWN = "algorithmicMedia"
    """Drawn by rules alone, as a song's picture is."""


_MORE = (
    SourceType.ENHANCED,
    SourceType.DRAWN,
    SourceType.COMPOSED,
    SourceType.PARTLY_GENERATED,
    SourceType.GENERATED,
)
"""Each says more than those before it."""
_ADDRESS = "http://cv.iptc.org/newscodes/digitalsourcetype/"
_SAID = re.compile(rb"digitalsourcetype/(\w+)")
_BEGIN, _END = b"http://ns.adobe.com/xap/1.0/\0", b"XML:com.adobe.xmp"


def source_type_of(content: bytes) -> SourceType | None:
    """What a picture file says of how it came to be; None where it says nothing, or another word of the list."""
    if b"digitalsourcetype/" not in content and not content.startswith(b"\x89PNG"):  # PNG may hold it compressed
        return None
    try:
        with Image.open(BytesIO(content)) as picture:
            packet = picture.info.get("xmp") or picture.info.get("XML:com.adobe.xmp") or b""
    except Exception:  # noqa: BLE001 - what is no picture says nothing
        return None
    found = _SAID.search(packet if isinstance(packet, bytes) else str(packet).encode())
    word = found[1].decode() if found else ""
    return SourceType(word) if word in SourceType._value2member_map_ else None


def altered(before: SourceType | None, done: SourceType | None) -> SourceType | None:
    """What a picture is after something was `done` to one that said `before`: the more of the two.

    >>> altered(SourceType.GENERATED, SourceType.ENHANCED), altered(None, SourceType.ENHANCED)
    (<SourceType.GENERATED: 'trainedAlgorithmicMedia'>, <SourceType.ENHANCED: 'algorithmicallyEnhanced'>)
    """
    said = [one for one in (before, done) if one is not None]
    return max(said, key=_MORE.index, default=None)


def composed_with(picture: SourceType | None) -> SourceType:
    """What a thing says that shows this picture: put together, in part generated where the picture was."""
    made_by_model = picture in {SourceType.GENERATED, SourceType.PARTLY_GENERATED}
    return SourceType.PARTLY_GENERATED if made_by_model else SourceType.COMPOSED


def marked(content: bytes, source_type: SourceType) -> bytes:
    """The same JPEG, PNG or WebP file, whose XMP says `source_type` and nothing else.

    The file must hold no XMP yet (`strip_metadata`). Raises `PhotoRefused` for another format.
    """
    packet = packet_of(source_type)
    if content.startswith(b"\xff\xd8"):
        return _into_jpeg(content, packet)
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return _into_png(content, packet)
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return _into_webp(content, packet)
    raise PhotoRefused(
        f"A file beginning with {content[:4]!r} cannot say how it came to be.",
        allowed="JPEG, PNG and WebP.",
        next_step="Save the picture in one of these formats.",
    )


def packet_of(source_type: SourceType) -> bytes:
    """The XMP packet that says it, for writers that take one."""
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" '
        'xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/">'
        f"<Iptc4xmpExt:DigitalSourceType>{_ADDRESS}{source_type}</Iptc4xmpExt:DigitalSourceType>"
        '</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="r"?>'
    ).encode()


def _into_jpeg(content: bytes, packet: bytes) -> bytes:
    """A segment APP1 behind JFIF's APP0, where there is one."""
    at = 2
    if content[2:4] == b"\xff\xe0":
        at = 4 + int.from_bytes(content[4:6], "big")
    segment = _BEGIN + packet
    return content[:at] + b"\xff\xe1" + (len(segment) + 2).to_bytes(2, "big") + segment + content[at:]


def _into_png(content: bytes, packet: bytes) -> bytes:
    """A chunk iTXt behind IHDR, uncompressed."""
    at = 8 + 12 + int.from_bytes(content[8:12], "big")
    body = b"iTXt" + _END + b"\0\0\0\0\0" + packet
    chunk = (len(body) - 4).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big")
    return content[:at] + chunk + content[at:]


def _into_webp(content: bytes, packet: bytes) -> bytes:
    """A chunk XMP at the end, and the flag for it in VP8X, which simple files get for it."""
    chunks = bytearray(content[12:])
    if chunks[:4] != b"VP8X":
        with Image.open(BytesIO(content)) as picture:
            width, height, alpha = *picture.size, picture.has_transparency_data
        flags = bytes([0x10 if alpha else 0, 0, 0, 0])
        sizes = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
        chunks = bytearray(b"VP8X" + (10).to_bytes(4, "little") + flags + sizes) + chunks
    chunks[8] |= 4
    chunks += b"XMP " + len(packet).to_bytes(4, "little") + packet + b"\0" * (len(packet) % 2)
    return b"RIFF" + (len(chunks) + 4).to_bytes(4, "little") + b"WEBP" + bytes(chunks)
