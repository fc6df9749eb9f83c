"""A merchant's own text, said anew: what of it is fact is written again, what is not stays as it is or is left.

Idea     The text is cut into sentences. One that is read back to its end (verify.py) claims facts and nothing else: its
         facts are written anew, in another tone, length, order or language. One that is not read may say anything, so
         not a letter of it is changed: it is kept where it stands behind the rest, marked with its language, or left
         where the text shall be short.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from bottega.languages.fold import tokens
from bottega.languages.kinship import upwards
from bottega.languages.writing import concepts_named
from bottega.models.wording.facts import Fact, FactSheet
from bottega.models.wording.keywords import Keyword
from bottega.models.wording.text import Sentence, Text, TextKind, Tone
from bottega.models.wording.verify import verify
from bottega.models.wording.writer import ListingWriter

__all__ = ["KEPT", "Length", "ReadSentence", "Reworded", "read_sentences", "reword"]

KEPT = "kept"
"""The frame of a sentence that is the merchant's own, unchanged."""
_END = re.compile(r"(?<=[.!?…])[\"”»']?\s+(?=[^\s\d])|\n+")
_SHORT = 2
"""Sentences of a short text."""


class Length(StrEnum):
    """How much is said."""

    SHORT = "short"
    """Two sentences of facts; what is no fact is left."""
    SAME = "same"
    """The facts of the text, and its sentences that are no facts."""
    LONG = "long"
    """Every fact of the product, and the sentences that are no facts."""


@dataclass(frozen=True, slots=True)
class ReadSentence:
    """One sentence of a text. `facts`: what it claims, where it is read to its end; else `why` it is not."""

    text: str
    facts: tuple[Fact, ...] = ()
    why: str = ""

    @property
    def is_fact(self) -> bool:
        return not self.why


@dataclass(frozen=True)
class Reworded:
    """The text said anew, and what became of each sentence of the old one."""

    text: Text
    read: tuple[ReadSentence, ...]
    kept: tuple[str, ...]
    left: tuple[str, ...]
    refused: tuple[str, ...] = ()
    """What was asked for and is borne out by no fact."""


def read_sentences(text: str, sheet: FactSheet) -> tuple[ReadSentence, ...]:
    """The sentences of a listing's text, in their order, each with the facts that it claims."""
    sentences = [" ".join(piece.split()) for piece in _END.split(text)]
    return tuple(_read(sentence, sheet) for sentence in sentences if sentence)


def _read(sentence: str, sheet: FactSheet) -> ReadSentence:
    report = verify(sentence, sheet, sheet.language)
    if report.proved and report.facts:
        return ReadSentence(sentence, report.facts)
    return ReadSentence(sentence, why=report.reasons[0] if report.reasons else "it claims nothing")


def reword(
    sheet: FactSheet,
    text: str,
    writer: ListingWriter,
    *,
    length: Length = Length.SAME,
    tone: Tone = Tone.PLAIN,
    audience: str = "",
    keywords: Sequence[Keyword] = (),
    seed: int = 0,
) -> Reworded:
    """Say a text anew. `audience`: whom it speaks to first, where a fact says that the product is for them."""
    read = read_sentences(text, sheet)
    claimed = {fact.name for one in read if one.is_fact for fact in one.facts}
    said = sheet if length is Length.LONG or not claimed else _only(sheet, claimed)
    first, refused = _audience(sheet, audience, writer.language)
    written = writer.text(
        said,
        TextKind.DESCRIPTION,
        seed=seed,
        sentences=_SHORT if length is Length.SHORT else None,
        first=first,
        tone=tone,
        keywords=keywords,
    )
    others = tuple(one.text for one in read if not one.is_fact)
    kept = () if length is Length.SHORT else others
    return Reworded(_with_kept(written, kept), read, kept, others if length is Length.SHORT else (), refused)


def _only(sheet: FactSheet, names: Collection[str]) -> FactSheet:
    """The product as its text has it: what it is and is called, and what the text says."""
    always = ("kind", "front", "line", "brand", "title", "name")
    return replace(sheet, claimed=tuple(fact for fact in sheet.claimed if fact.name in names or fact.key in always))


def _audience(sheet: FactSheet, audience: str, language: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    if not audience:
        return (), ()
    wanted = {one for code in (language, "en") for one in concepts_named(tuple(tokens(audience)), code)}
    meant = [fact for key in ("people", "age", "occasion", "season") for fact in sheet.of(key)]
    found = tuple(fact.name for fact in meant if fact.concept and wanted & set(upwards(fact.concept)))
    if found:
        return found, ()
    return found, (f"no fact says that it is for {audience!r}",)


def _with_kept(text: Text, kept: Sequence[str]) -> Text:
    """With the merchant's own sentences behind it, each on a line of its own."""
    said, sentences = text.text, list(text.sentences)
    for sentence in kept:
        said += "\n"
        sentences.append(Sentence(len(said), len(said) + len(sentence), KEPT))
        said += sentence
    return replace(text, text=said, sentences=tuple(sentences))
