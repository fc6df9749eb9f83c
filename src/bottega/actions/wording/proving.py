"""The door through which every generated text goes: what is not proved is shown to nobody and stored nowhere.

A sentence that the proof refuses is left out of its text; a text of which nothing is left gives way to the merchant's
own title. What was refused is told, with the reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bottega.models.wording.derivation import mended, merchants_own
from bottega.models.wording.facts import FactSheet
from bottega.models.wording.text import Text, TextKind
from bottega.models.wording.writer import WrittenListing

__all__ = ["proved", "proved_text"]


def proved(written: WrittenListing, sheet: FactSheet) -> tuple[WrittenListing, tuple[str, ...]]:
    """A listing of which every text is proved, and what was refused."""
    refused: list[str] = []
    title = proved_text(written.title, sheet, refused) or merchants_own(sheet, TextKind.TITLE, written.language)
    short = proved_text(written.short, sheet, refused)
    description = proved_text(written.description, sheet, refused)
    bullets = (proved_text(bullet, sheet, refused) for bullet in written.bullets)
    whole = replace(
        written,
        title=title,
        bullets=tuple(bullet for bullet in bullets if bullet is not None),
        short=short or merchants_own(sheet, TextKind.SHORT, written.language),
        description=description or merchants_own(sheet, TextKind.DESCRIPTION, written.language),
        alt=proved_text(written.alt, sheet, refused) or merchants_own(sheet, TextKind.ALT, written.language),
        advert=proved_text(written.advert, sheet, refused) or merchants_own(sheet, TextKind.ADVERT, written.language),
        email=proved_text(written.email, sheet, refused) or merchants_own(sheet, TextKind.EMAIL, written.language),
    )
    return whole, tuple(refused)


def proved_text(text: Text, sheet: FactSheet, refused: list[str], *, merchants: Sequence[str] = ()) -> Text | None:
    """What of a text is proved; what is not goes to `refused`. `merchants`: what the listing says beside its title."""
    own = (*(fact.value for fact in sheet.of("title")), *merchants)
    kept, reasons = mended(text, sheet, merchants=own)
    refused += [f"{text.kind.value}: {reason}" for reason in reasons]
    return kept
