"""What is said of a shopper: by the shop, by an import, or along with an event. Nothing here is ever inferred.

A field that is absent stays as it was, null clears it. What a field may hold is checked here for every door alike.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator

from bottega.errors import EventInvalid
from bottega.events.countries import COUNTRIES
from bottega.events.times import now_ms, to_ms
from bottega.names import Purpose
from bottega.placeholders import says_nothing

__all__ = ["AGE_BANDS", "TRAIT_FIELDS", "Consent", "Given", "Traits"]

Given = Literal["yes", "no", "not_asked"]
"""What was said to one purpose."""
AgeBand = Literal["under_18", "18-24", "25-34", "35-44", "45-54", "55-64", "65+"]
AGE_BANDS: tuple[str, ...] = AgeBand.__args__  # type: ignore[attr-defined]  # typing knows no arguments of an alias
_SAID: dict[str | None, bool | None] = {"yes": True, "no": False, "not_asked": None, None: None}
_LANGUAGE = re.compile(  # RFC 5646, section 2.1, without the tags that were registered before it
    r"[A-Za-z]{2,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|\d{3}))?(-([A-Za-z\d]{5,8}|\d[A-Za-z\d]{3}))*"
    r"(-[A-WYZa-wyz\d](-[A-Za-z\d]{2,8})+)*(-[Xx](-[A-Za-z\d]{1,8})+)?"
)
_EMAIL = re.compile(r"[^\s@<>\"]{1,64}@[^\s@<>\"]+\.[^\s@<>\".]{2,}")
_FIRST_YEAR = 1900


def _plain(text: str) -> str:
    if "\x00" in text or any(0xD800 <= ord(letter) < 0xE000 for letter in text):
        raise ValueError("text must be whole characters, none of them NUL")
    return text


def _language(text: str) -> str:
    """As it is usually written: zh-Hant-TW."""
    tag = text.replace("_", "-")
    if not _LANGUAGE.fullmatch(tag):
        raise ValueError("a language is a tag of BCP 47, as in de, pt-BR or zh-Hant-TW")
    first, *rest = tag.split("-")
    shaped, private = [first.lower()], False
    for part in rest:
        private = private or len(part) == 1
        plain = private or len(part) not in (2, 4) or not part.isalpha()
        shaped.append(part.lower() if plain else part.upper() if len(part) == 2 else part.title())
    return "-".join(shaped)


def _country(text: str) -> str:
    if text.upper() not in COUNTRIES:
        hint = "; the United Kingdom is GB" if text.upper() == "UK" else ""
        raise ValueError(f"a country is two letters of ISO 3166-1, as in DE, GB or US{hint}")
    return text.upper()


def _email(text: str) -> str:
    if not _EMAIL.fullmatch(text):
        raise ValueError("an e-mail address looks like ana@example.com")
    return text


_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), AfterValidator(_plain)]


class Consent(BaseModel):
    """What a shopper said to each purpose; a purpose that is absent stays as it was."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    personalisation: Given | None = Field(default=None, description="Answers from what they did; models learn from it.")
    analytics: Given | None = Field(default=None, description="Being counted where shoppers are compared.")
    messages: Given | None = Field(default=None, description="Being written to.")


class Traits(BaseModel):
    """What is known of a shopper beside what they did. All of it may be left out."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: _Text | None = Field(default=None, description="What to call them.")
    language: Annotated[_Text, AfterValidator(_language)] | None = Field(
        default=None, description="A tag of BCP 47, as in de or pt-BR."
    )
    country: Annotated[_Text, AfterValidator(_country)] | None = Field(
        default=None, description="Two letters of ISO 3166-1, as in DE."
    )
    birth_year: int | None = Field(default=None, description="Four digits; instead of `age_band`.")
    age_band: AgeBand | None = Field(default=None, description="Instead of `birth_year`.")
    email: Annotated[_Text, StringConstraints(max_length=254), AfterValidator(_email)] | None = Field(
        default=None, description="Another address takes the opt-in to the old one back."
    )
    email_opt_in: bool | None = Field(default=None, description="Whether they asked for e-mail.")
    consent: Consent | None = Field(default=None, description="What they said to each purpose; null takes all back.")
    consent_source: _Text | None = Field(default=None, description="Where they said so, as in cookie banner.")
    consent_time: int | float | str | None = Field(
        default=None, description="When they said so; now where absent. An older word never replaces a newer one."
    )

    @model_validator(mode="before")
    @classmethod
    def _said_something(cls, data: object) -> object:
        """A word for nothing is no name: the field counts as absent, and what is known stays."""
        if not isinstance(data, dict):
            return data
        return {name: value for name, value in data.items() if not (name in _TEXTS and _says_nothing(value))}

    @field_validator("birth_year")
    @classmethod
    def _born(cls, value: int | None) -> int | None:
        last = datetime.now(UTC).year
        if value is not None and not _FIRST_YEAR <= value <= last:
            raise ValueError(f"a year of birth lies between {_FIRST_YEAR} and {last}")
        return value

    @field_validator("consent_time")
    @classmethod
    def _said_at(cls, value: int | float | str | None) -> int | None:
        if value is None:
            return None
        now = now_ms()
        try:
            time_ms = to_ms(value, now=now)
        except EventInvalid as error:
            raise ValueError(f"{error.seen} {error.allowed}") from error
        return min(time_ms, now)  # a clock that runs ahead must not outlast a later word

    @model_validator(mode="after")
    def _one_age(self) -> Self:
        if self.birth_year is not None and self.age_band is not None:
            raise ValueError("give birth_year or age_band, not both")
        return self

    def fields(self) -> dict[str, Any]:
        """The fields of the record that were given, consent apart; None clears. One age takes the other's place."""
        given = {name: getattr(self, name) for name in self.model_fields_set & _RECORD}
        for one, other in (("birth_year", "age_band"), ("age_band", "birth_year")):
            if given.get(one) is not None:
                given[other] = None
        return given

    def said(self) -> dict[Purpose, bool | None]:
        """What was said to each purpose named; None where it is to count as not asked."""
        if "consent" not in self.model_fields_set:
            return {}
        if self.consent is None:
            return dict.fromkeys(Purpose)
        return {Purpose(name): _SAID[getattr(self.consent, name)] for name in self.consent.model_fields_set}

    @property
    def said_ms(self) -> int | None:
        """When consent was given, UTC ms; None where that was not said."""
        assert self.consent_time is None or isinstance(self.consent_time, int)
        return self.consent_time


_TEXTS = frozenset({"name", "consent_source"})
"""Fields of free text. In those with a form, as in an address, such a word is refused by the form."""
_NAMES = frozenset({"na", "nan", "nat", "nil"})
"""Words for nothing that are given names as well."""


def _says_nothing(value: object) -> bool:
    if not isinstance(value, str) or not value.strip():
        return False
    return says_nothing(value) and value.strip().casefold() not in _NAMES


TRAIT_FIELDS = tuple(Traits.model_fields)
"""Every field that may be said of a shopper."""
_RECORD = frozenset(name for name in TRAIT_FIELDS if not name.startswith("consent"))
