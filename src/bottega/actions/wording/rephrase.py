"""Rephrase: a language model of the merchant's own puts a finished text into other words, and is believed in nothing.

The model sees the text and nothing else. What comes back is held against the facts that the text itself claims: who
says more, or less, or anything that nobody understands, is not heard, and the text stands as the frames have it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

from bottega.connectors.gguf_model import GgufModel, checked_model_file
from bottega.connectors.language_model import LanguageModel, checked_model_address
from bottega.errors import LanguageModelFailed, SettingsInvalid
from bottega.models.wording.proof.fact_phrases import FactPhrases
from bottega.models.wording.text import Sentence, SlotSpan, Text
from bottega.models.wording.verify import ProofReport, verify
from bottega.shop.open_shop import OpenShop

__all__ = ["REPHRASED", "Rephrased", "Rephraser", "language_model_at", "language_model_of", "rephrase"]

REPHRASED = "rephrased"
"""The frame of a sentence that a language model worded."""
MOST_WORDS_MORE = 1.6
"""How much longer than its text a rephrasing may be."""


class Rephraser(Protocol):
    """Whoever puts a text into other words."""

    def rephrase(self, text: str, *, hint: str = "") -> str: ...


@dataclass(frozen=True)
class Rephrased:
    """What became of the attempt."""

    text: Text
    """In other words where they were proved, else as it was."""
    dropped: str = ""
    """What the model said, where it was not heard."""
    reasons: tuple[str, ...] = ()
    """Why not."""


def language_model_of(shop: OpenShop) -> Rephraser | None:
    """The shop's own model, if the settings name one: in a file, or at an address, whose key is the secret
    `language-model`. Raises `SettingsInvalid`."""
    settings = shop.settings
    if settings.language_model_file:
        if settings.language_model_url:
            raise SettingsInvalid(
                "Of language_model_file and language_model_url both are set.",
                allowed="One model rephrases: in a file, or at an address.",
                next_step="Empty one of them in bottega.toml.",
            )
        path = checked_model_file(settings.language_model_file, shop.folder.root)
        return GgufModel(path, settings.language_model_timeout_s)
    return language_model_at(shop)


def language_model_at(shop: OpenShop) -> LanguageModel | None:
    """The one at an address, if the settings name it. Raises `SettingsInvalid`."""
    settings = shop.settings
    if not settings.language_model_url:
        return None
    keys = shop.secrets.of("language-model")
    address = checked_model_address(settings.language_model_url)
    return LanguageModel(
        address,
        settings.language_model_name,
        keys[0] if keys else "",
        settings.language_model_timeout_s,
        reach=shop.folder.reach,
    )


def rephrase(model: Rephraser, text: Text, listing_language: str, *, longest: int = 0, hint: str = "") -> Rephrased:
    """Ask for other words, and take them only if they are proved. `longest`: characters that the text may have."""
    try:
        said = model.rephrase(text.text, hint=hint)
    except LanguageModelFailed as failed:
        return Rephrased(text, reasons=(str(failed),))
    if said == text.text:
        return Rephrased(text)
    report = verify(said, FactPhrases.of(text.facts, listing_language), text.language)
    reasons = list(report.reasons)
    claimed = {fact.name for claim in report.claims for fact in claim.facts}
    if left_out := [fact.name for fact in text.facts if fact.name not in claimed]:
        reasons.append(f"it leaves out {', '.join(left_out)}")
    if longest and len(said) > longest:
        reasons.append(f"it has {len(said)} characters, and may have {longest}")
    if len(said.split()) > MOST_WORDS_MORE * max(5, len(text.text.split())):
        reasons.append(f"it has {len(said.split())} words, and the text has {len(text.text.split())}")
    if reasons:
        return Rephrased(text, said, tuple(reasons))
    return Rephrased(replace(text, text=said, sentences=(_derived(said, report),)))


def _derived(said: str, report: ProofReport) -> Sentence:
    """The derivation that the proof itself found."""
    slots = tuple(
        SlotSpan(claim.start, claim.end, claim.facts[0].key, "", (claim.facts[0].name,)) for claim in report.claims
    )
    return Sentence(0, len(said), REPHRASED, slots)
