"""The writer: which frames say which facts, in which order, for one kind of text.

Idea     A text is a plan over frames and facts, never over words. The plan is drawn by the product's id, the language
         and a seed: the same product always reads the same, two products do not. Every fact asked for is said; what
         fits no sentence stands behind its label. listing_page.py makes the plan, choosing.py takes the frames.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from bottega.models.wording.choosing import FrameChooser, Weigh
from bottega.models.wording.facts import Fact, FactSheet
from bottega.models.wording.frames import SentenceFrame, frames
from bottega.models.wording.keywords import Keyword
from bottega.models.wording.limits import limit_of
from bottega.models.wording.listing_page import ROLES, ListingPage
from bottega.models.wording.planning.planner import Planner, shipped_planner
from bottega.models.wording.text import Text, TextKind, Tone

__all__ = ["ListingWriter", "WrittenListing"]

FEW_SENTENCES = 2
"""Of a short text."""


@dataclass(frozen=True)
class WrittenListing:
    """All texts of one product in one language."""

    subject: str
    language: str
    title: Text
    bullets: tuple[Text, ...]
    short: Text
    description: Text
    alt: Text
    advert: Text
    email: Text

    @property
    def facts(self) -> tuple[Fact, ...]:
        """Every fact that any of them claims."""
        texts = (self.title, *self.bullets, self.short, self.description, self.alt, self.advert, self.email)
        return tuple({fact.name: fact for text in texts for fact in text.facts}.values())


class ListingWriter:
    """Writes in one language."""

    def __init__(
        self,
        language: str,
        *,
        weigh: Weigh | None = None,
        learnt: Sequence[SentenceFrame] = (),
        planner: Planner | Literal["shipped"] | None = "shipped",
    ) -> None:
        """`learnt`: frames of the shop's own, beside those of the language's file. `planner` says what is likely in
        titles: by default the one that comes along for the language, if there is one; None for the rules alone."""
        self.language = language
        planning = shipped_planner(language) if planner == "shipped" else planner
        self.chooser = FrameChooser((*frames(language), *learnt), weigh, planning)

    def listing(
        self,
        sheet: FactSheet,
        *,
        seed: int = 0,
        channel: str = "google",
        asked: Collection[str] = (),
        keywords: Sequence[Keyword] = (),
        first: Sequence[str] = (),
        tone: Tone = Tone.PLAIN,
    ) -> WrittenListing:
        """Everything that a listing needs. `keywords` that facts bear out stand in it as they were asked for; bullets
        and descriptions begin with the facts named in `first`."""
        page = ListingPage(self.chooser, self.language, sheet, seed, first=first, tone=tone)
        title = page.one(TextKind.TITLE, limit_of(TextKind.TITLE, channel))
        bullets = page.bullets()
        limit = limit_of(TextKind.DESCRIPTION, channel)
        placed = [one for one in keywords if one.facts]
        description = page.description(limit - sum(len(one.text) + 2 for one in placed), asked=asked)
        said = "\n".join(text.text for text in (title, description, *bullets))
        missing = [one for one in placed if not one.stands_in(said)]
        return WrittenListing(
            sheet.subject,
            self.language,
            title,
            bullets,
            page.description(limit_of(TextKind.SHORT, channel), kind=TextKind.SHORT, sentences=FEW_SENTENCES),
            page.with_keywords(description, missing) if missing else description,
            page.one(TextKind.ALT, limit_of(TextKind.ALT)),
            page.one(TextKind.ADVERT, limit_of(TextKind.ADVERT)),
            page.letter(limit_of(TextKind.EMAIL)),
        )

    def text(
        self,
        sheet: FactSheet,
        kind: TextKind,
        *,
        seed: int = 0,
        channel: str = "google",
        asked: Collection[str] = (),
        given: Mapping[str, str] | None = None,
        sentences: int | None = None,
        first: Sequence[str] = (),
        tone: Tone = Tone.PLAIN,
        keywords: Sequence[Keyword] = (),
    ) -> Text:
        """One text. `asked`: names or keys of facts that it must say; `given`: texts for slots that are no facts
        (`shopper`); `sentences`: at most so many; `first`: names of facts to begin with, in this order; `tone`:
        how it speaks; `keywords`: as in `listing`."""
        page = ListingPage(self.chooser, self.language, sheet, seed, given, first=first, tone=tone)
        limit = limit_of(kind, channel)
        if kind in ROLES:
            return page.one(kind, limit)
        if kind is TextKind.EMAIL:
            return page.letter(limit)
        if kind is TextKind.BULLET:
            return page.bullets()[0]
        few = FEW_SENTENCES if kind in (TextKind.SHORT, TextKind.META) else sentences
        text = page.description(limit, asked=asked, kind=kind, sentences=few)
        return page.with_keywords(text, [one for one in keywords if one.facts])
