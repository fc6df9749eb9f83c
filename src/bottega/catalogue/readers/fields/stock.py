"""Stock as shops write it: words of the languages of Europe, Asia and Latin America, counts, and both in one cell.

A text is first looked up whole, then as a count ("10+", ">5", "5 in stock", "1,5"), then for the longest phrase of the
table within it: in "nicht auf Lager" that is "nicht auf lager", not "auf lager". Case, accents, and blanks, hyphens or
underscores do not count; of an address such as https://schema.org/InStock only the last part does.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Set
from functools import lru_cache

from bottega.catalogue.readers.fields.stock_words import LABELS, NOT_WORDS, STOCK_WORDS, UNITS
from bottega.names import Availability

__all__ = ["stock_of"]

_COUNT = re.compile(
    r"(?P<sign>[<>≥≤~≈+±]|ca\.?|circa|approx\.?|about|over|more than|less than|only|nur|noch|nur noch|mas de|más de|"
    r"plus de|mais de|mehr als|über|più di|более|больше|около|до|ponad|over|cerca de|残り)?[=\s]*"
    r"(?P<number>-?\d{1,3}(?:[ '’.,]\d{3})+(?![\d])|-?\d+(?:[.,]\d+)?)\s*(?P<more>\+|＋|以上)?\s*"
    r"(?P<unit>\D{0,40})",
    re.IGNORECASE,
)
_LABELLED = re.compile(r"(?P<label>\D{1,40}?)[:=\s]*(?P<rest>[<>≥+-]?\d.*)", re.DOTALL)
"""Words, then a count: "Bestand: 5", "only 2 left!"."""
_TICKS = dict.fromkeys("✓✔✅☑🟢🟡", "yes") | dict.fromkeys("✗✘❌☒✖🔴", "no")
_LATIN = re.compile(r"[a-zа-яёα-ω]", re.IGNORECASE)


def stock_of(text: str) -> Availability | None:
    """What a text says of stock; None when it says nothing that is known.

    >>> [stock_of(text).value for text in ("auf Lager", "Agotado", "в наличии", "在庫あり", "10+", "5 in stock", "0.0")]
    ['in_stock', 'out_of_stock', 'in_stock', 'in_stock', 'in_stock', 'in_stock', 'out_of_stock']
    >>> stock_of("Not in stock").value, stock_of("Nicht auf Lager!").value, stock_of("4-7 days")
    ('out_of_stock', 'out_of_stock', None)
    """
    return _stock_of(text) if len(text) <= _LONGEST else None


_LONGEST = 200


@lru_cache(maxsize=20_000)
def _stock_of(text: str) -> Availability | None:
    if "schema.org/" in text.lower():
        text = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text.strip().rstrip("/").rsplit("/", 1)[-1])
    plain = _TICKS.get(text.strip().rstrip("\ufe0f")) or _plain(text)
    if (known := _PHRASES.get(plain) or _JOINED.get(plain)) is not None:
        return known
    if (counted := _counted(text, _PLAIN_UNITS)) is not None:
        return counted
    within = _within(plain)
    if within in (None, Availability.IN_STOCK) and (said := _LABELLED.fullmatch(text)) is not None:
        words = _plain(said["label"]).split()
        if words and _LABEL_WORDS.issuperset(words) and (counted := _counted(said["rest"], _LABEL_WORDS)):
            return counted
    return within


def _counted(text: str, units: Set[str]) -> Availability | None:
    """What a count says, where beside it stand only such words."""
    found = _COUNT.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if found is None:
        return None
    unit = _plain(found["unit"])
    if unit and not units >= set(unit.split()):
        return None
    digits = re.sub(r"[ '’]", "", found["number"])
    if re.fullmatch(r"-?\d{1,3}([.,]\d{3})+", digits):
        digits = re.sub(r"[.,]", "", digits)
    amount = float(digits.replace(",", "."))
    if found["sign"] and found["sign"].strip() == "<" and amount <= 1:
        return Availability.OUT_OF_STOCK
    positive = amount > 0 or (amount == 0 and found["sign"] in (">", "+"))
    return Availability.IN_STOCK if positive else Availability.OUT_OF_STOCK


def _within(plain: str) -> Availability | None:
    """What the longest phrase in a text means: between words where letters are spelt, anywhere in scripts without
    blanks. A "not" among the three words before it turns "in stock" round."""
    padded = f" {plain} "
    for phrase, known in _SPOKEN:
        if (place := padded.find(f" {phrase} " if _LATIN.search(phrase) else phrase)) < 0:
            continue
        before = padded[:place].split()[-3:]
        return Availability.OUT_OF_STOCK if known is Availability.IN_STOCK and NOT_WORDS & set(before) else known
    return None


def _plain(text: str) -> str:
    """Small letters without accents; blanks for whatever is no letter or digit."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    kept = "".join(mark for mark in folded if not unicodedata.combining(mark) or not _LATIN.search(folded))
    return " ".join(_NO_LETTERS.sub(" ", unicodedata.normalize("NFC", kept)).split())


_NO_LETTERS = re.compile(r"[\s_.,:;!?()\[\]{}\"'’`*/\\|·•✓✔✗✘\-–—+<>=~#&]+")
_PHRASES: dict[str, Availability] = {
    _plain(phrase): known
    for known, lines in reversed(STOCK_WORDS.items())
    for line in lines
    for phrase in line.split(",")
    if phrase.strip()
}
_JOINED = {phrase.replace(" ", ""): known for phrase, known in _PHRASES.items() if _LATIN.search(phrase)}
_PLAIN_UNITS = frozenset(_plain(unit) for unit in UNITS)
_LABEL_WORDS = _PLAIN_UNITS | {_plain(word) for word in LABELS}
_SPOKEN = sorted(
    (
        (phrase, known)
        for phrase, known in _PHRASES.items()
        if (" " in phrase or len(phrase) >= 6 or not _LATIN.search(phrase)) and len(phrase) >= 2
    ),
    key=lambda pair: -len(pair[0]),
)
"""Phrases that mean it within a longer text, too: not "no", "da" or "on"."""
