"""May this text be shown? Its words are proved, and what it says of its own making is held against what was read.

A text carries its derivation: which sentence came from which frame, which slot from which facts. A sentence that has
none, a slot whose words stand for no fact that it names, a fact that is no longer claimed: each is a reason not to show
it. A sentence that the merchant wrote and nobody changed is the merchant's own; it must stand in the listing letter by
letter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from bottega.models.wording.facts import FactSheet
from bottega.models.wording.proof.fact_phrases import FactPhrases
from bottega.models.wording.text import Sentence, SlotSpan, Text, TextKind
from bottega.models.wording.verify import Claim, ProofReport, verify

__all__ = ["KEPT", "mended", "merchants_own", "why_not"]

KEPT = "kept"
"""The frame of a sentence that is the merchant's own."""


def why_not(text: Text, sheet: FactSheet, *, merchants: Sequence[str] = ()) -> tuple[str, ...]:
    """Why a text may not be shown, in words; nothing where it may. `merchants`: what the listing says itself."""
    if not text.text.strip():
        return ("the text is empty",)
    reasons = _gaps(text)
    if not text.holds(sheet.claimed):
        now = {(fact.name, fact.concept) for fact in sheet.claimed}
        gone = [fact.name for fact in text.facts if (fact.name, fact.concept) not in now]
        reasons.append(f"it claims what is no fact of {sheet.subject!r} any more: {', '.join(gone)}")
    own = [sentence for sentence in text.sentences if sentence.frame == KEPT]
    for sentence in own:
        said = text.text[sentence.start : sentence.end].strip()
        if not any(said in listing for listing in merchants):
            reasons.append(
                f"{said[:60]!r} is said to be the merchant's own sentence, and stands nowhere in the listing"
            )
    report = verify(_without(text.text, own), FactPhrases.of(text.facts, sheet.language), text.language)
    reasons += report.reasons
    if report.proved:
        reasons += _strangers(text, report)
    return tuple(reasons)


def mended(text: Text, sheet: FactSheet, *, merchants: Sequence[str] = ()) -> tuple[Text | None, tuple[str, ...]]:
    """A text that may be shown, with what was refused of it: whole, else those of its sentences that are proved alone;
    None where none is."""
    reasons = why_not(text, sheet, merchants=merchants)
    if not reasons:
        return text, ()
    kept = [one for one in map(partial(_alone, text), text.sentences) if not why_not(one, sheet, merchants=merchants)]
    if not kept or len(kept) == len(text.sentences):
        return None, reasons
    said, sentences = "", list[Sentence]()
    for one in kept:
        said += " " if said else ""
        sentences.append(_moved(one.sentences[0], len(said)))
        said += one.text
    facts = tuple({fact.name: fact for one in kept for fact in one.facts}.values())
    whole = replace(text, text=said, sentences=tuple(sentences), facts=facts)
    return (None if why_not(whole, sheet, merchants=merchants) else whole), reasons


def merchants_own(sheet: FactSheet, kind: TextKind, language: str) -> Text:
    """The listing's title as the merchant wrote it, for want of anything that could be proved."""
    title = sheet.of("title")[0]
    slots = (SlotSpan(0, len(title.value), "title", "", (title.name,)),)
    return Text(sheet.subject, kind, language, title.value, (Sentence(0, len(title.value), KEPT, slots),), (title,))


def _alone(text: Text, sentence: Sentence) -> Text:
    """One sentence as a text of its own."""
    named = {name for slot in sentence.slots for name in slot.facts}
    said = text.text[sentence.start : sentence.end]
    facts = tuple(fact for fact in text.facts if fact.name in named)
    return replace(text, text=said, sentences=(_moved(sentence, -sentence.start),), facts=facts)


def _moved(sentence: Sentence, by: int) -> Sentence:
    slots = tuple(replace(slot, start=slot.start + by, end=slot.end + by) for slot in sentence.slots)
    return Sentence(sentence.start + by, sentence.end + by, sentence.frame, slots)


def _without(text: str, own: Sequence[Sentence]) -> str:
    """The text with blanks and line ends where the merchant's own sentences stand: places stay as they are."""
    for sentence in own:
        text = f"{text[: sentence.start]}\n{' ' * (sentence.end - sentence.start - 1)}{text[sentence.end :]}"
    return text


def _gaps(text: Text) -> list[str]:
    """What of the text lies in no sentence, and what stands in none."""
    reasons, at = [], 0
    for sentence in text.sentences:
        if sentence.start < at or sentence.end > len(text.text) or sentence.end <= sentence.start:
            return [f"its sentence of frame {sentence.frame!r} lies where no text is, or in another sentence"]
        if text.text[at : sentence.start].strip():
            reasons.append(f"{text.text[at : sentence.start].strip()!r} comes from no frame")
        at = sentence.end
    if text.text[at:].strip():
        reasons.append(f"{text.text[at:].strip()!r} comes from no frame")
    return reasons


def _strangers(text: Text, report: ProofReport) -> list[str]:
    """Slots whose words stand for none of the facts that they name, and facts that no slot names."""
    reasons = []
    named = {fact.name for fact in text.facts}
    for sentence in (one for one in text.sentences if one.frame != KEPT):
        for slot in sentence.slots:
            said = text.text[slot.start : slot.end]
            if not slot.facts:
                continue
            if unknown := [name for name in slot.facts if name not in named]:
                reasons.append(f"{said!r} is made from {', '.join(unknown)}, which the text does not claim")
            inside = [claim for claim in report.claims if _overlaps(claim, slot.start, slot.end)]
            stands = {fact.name for claim in inside for fact in claim.facts}
            if not stands & set(slot.facts):
                read = ", ".join(sorted(stands)) or "nothing"
                reasons.append(f"{said!r} is said to be {', '.join(slot.facts)}, and reads as {read}")
    return reasons


def _overlaps(claim: Claim, start: int, end: int) -> bool:
    return claim.start < end and start < claim.end
