"""A row as a reader found it becomes a review, or a problem: a field that cannot be read costs that field alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar, NamedTuple

from bottega.catalogue.readers.fields.text import clean, looks_misdecoded, strip_html
from bottega.dates import PLAIN, TimeForm
from bottega.errors import EventInvalid
from bottega.events.times import to_ms
from bottega.names import ID_MAX
from bottega.placeholders import names_nobody, says_nothing
from bottega.reviews.columns import PRODUCT_FIELDS
from bottega.reviews.flags import published_of, verified_of
from bottega.reviews.ratings import RatingUnreadable, RatingZero, Scale, stars_of
from bottega.reviews.review import TEXT_MAX, Review, derived_review_id
from bottega.reviews.rules import RULES
from bottega.sources.problems import Rule
from bottega.sources.reading import Reading as SourceReading

__all__ = ["Checked", "RawReview", "Reading", "checked_review"]

_Warn = Callable[[str, str, str], None]
"""Reports a rule, what was seen, and the field."""
_Read = Callable[[str], bool | None]
_LOCALE = re.compile(r"([A-Za-z]{2,3})(?:[-_][A-Za-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class RawReview:
    """A row as it stands: where, its texts by field, and where the source says it, the scale of its rating."""

    place: int | str
    fields: Mapping[str, str]
    scale: Scale | None = None
    called: Mapping[str, str] = field(default_factory=dict)
    """Field -> how the source calls it, where that matters (hidden: a yes means no)."""


class Checked(NamedTuple):
    """A review, and what its product may be called, the surest first."""

    review: Review
    names: list[str]
    said_id: bool
    """Whether the source gave it an id."""


@dataclass(slots=True)
class Reading(SourceReading):
    """One reading of one file of reviews. `columns`: field -> column, as `--map` said."""

    RULES: ClassVar[Mapping[str, Rule]] = RULES

    columns: Mapping[str, str] = field(default_factory=dict)
    scale: Scale = field(default_factory=Scale)
    """Of ratings that do not say theirs."""
    form: TimeForm = PLAIN
    now: int = 0
    """Our clock, UTC milliseconds."""
    nobody: int = 0
    """Ids that named nobody, and were left out."""
    deleted: list[str] = field(default_factory=list)
    """Ids of reviews that the source says were taken back."""


def checked_review(raw: RawReview, reading: Reading, source: str) -> Checked | None:
    """The review of a row; None where it was refused. `source`: what it comes from, in words."""
    fields = {name: text for name, cell in raw.fields.items() if (text := cell.strip()) and not _nothing(name, text)}
    who = [one for name in ("shopper", "email") if (one := fields.get(name)) and not names_nobody(one)]

    def refuse(rule: str, seen: str, of: str) -> None:
        reading.refuse(rule, raw.place, seen, field=of, who=who)

    def warn(rule: str, seen: str, of: str) -> None:
        reading.warn(rule, raw.place, seen, field=of)

    if verified_of(fields.get("spam", "")) or fields.get("published", "").casefold() == "spam":
        refuse("spam", fields.get("title", "") or fields.get("text", ""), "spam")
        return None
    names = [clean(fields[name]) for name in PRODUCT_FIELDS if name in fields]
    if "product_url" in fields:
        names[-1] = names[-1].split("?")[0].split("#")[0].rstrip("/").rsplit("/", 1)[-1]
    names = [name for name in dict.fromkeys(names) if name]
    if not names:
        refuse("product_missing", fields.get("title", "") or fields.get("text", ""), "product_id")
        return None
    texts = {name: _text(fields.get(name, ""), name, warn) for name in ("title", "text")}
    stars = _stars(fields.get("rating", ""), raw.scale or reading.scale, warn)
    if not any(texts.values()) and stars is None:
        refuse("review_empty", fields.get("rating", ""), "text")
        return None
    too_long = next((one for one in (names[0], fields.get("review_id", ""), *who) if len(one) > ID_MAX), None)
    if too_long is not None:
        refuse("id_too_long", too_long, "product_id" if too_long == names[0] else "review_id")
        return None
    for name in ("shopper", "email"):
        if (one := fields.get(name)) and names_nobody(one):
            reading.nobody += 1
            warn("who_nobody", one, name)
    time_ms = _time(fields.get("time", ""), reading, warn)
    shopper = clean(who[0]).strip() if who else ""
    shopper = shopper.lower() if "@" in shopper else shopper
    said = clean(fields.get("review_id", "")).strip()
    locale = _LOCALE.fullmatch(fields.get("language", ""))
    review = Review(
        review_id=said or derived_review_id(names[0], shopper, time_ms, texts["title"], texts["text"], stars),
        product_id=names[0],
        shopper=shopper or None,
        stars=stars,
        title=texts["title"],
        text=texts["text"],
        language=locale[1].lower() if locale else "",
        time_ms=time_ms,
        verified=_flag(fields, "verified", verified_of, warn),
        published=_published(raw, fields, warn),
        source=source,
    )
    return Checked(review, names, bool(said))


def _nothing(name: str, text: str) -> bool:
    """Words for nothing; "No" may be a title, and somebody's words are never a hole."""
    return name not in ("title", "text", "verified", "published", "spam") and says_nothing(text)


def _text(text: str, name: str, warn: _Warn) -> str:
    if not text:
        return ""
    if looks_misdecoded(text):
        warn("text_misdecoded", text, name)
    plain = strip_html(text)
    cleaned = clean(plain)
    if cleaned != plain:
        warn("control_characters", cleaned, name)
    cleaned = cleaned.replace("\x00", "").strip()
    if says_nothing(cleaned):
        return ""
    if len(cleaned) > TEXT_MAX:
        warn("text_cut", cleaned[:60], name)
        cleaned = cleaned[:TEXT_MAX].rstrip()
    return cleaned


def _stars(text: str, scale: Scale, warn: _Warn) -> float | None:
    if not text:
        return None
    try:
        return stars_of(text, scale)
    except RatingZero:
        warn("rating_zero", text, "rating")
    except RatingUnreadable:
        warn("rating_unreadable", text, "rating")
    return None


def _time(text: str, reading: Reading, warn: _Warn) -> int | None:
    if not text:
        return None
    try:
        return to_ms(text, now=reading.now, form=reading.form)
    except EventInvalid as error:
        warn(error.rule or "time_unreadable", text, "time")
    return None


def _flag(fields: Mapping[str, str], name: str, read: _Read, warn: _Warn) -> bool | None:
    if name not in fields:
        return None
    said = read(fields[name])
    if said is None:
        warn("flag_unreadable", fields[name], name)
    return said


def _published(raw: RawReview, fields: Mapping[str, str], warn: _Warn) -> bool:
    said = _flag(fields, "published", lambda text: published_of(text, raw.called.get("published", "")), warn)
    return said is not False
