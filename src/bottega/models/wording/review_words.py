"""What reviews say, in the words of a language: for people who are told ("9 of 12 say it runs small"), and for texts.

The words are data (`[reviews]` in `languages/writing/<code>.txt`). None of them agrees with the product, so that they
are right of whatever is reviewed: it is the size that is small, the quality that is good.
"""

from __future__ import annotations

from functools import cache

from babel import Locale
from babel.numbers import format_decimal

from bottega.languages.writing import writing

__all__ = ["advice", "phrase_of", "said_of", "told"]


def said_of(aspect: str, side: str, language: str) -> str:
    """As in "it runs small"; of an aspect of the shop's own by its name."""
    words = writing(language).reviews
    return words.get(f"says.{aspect}.{side}") or words[f"says.own.{side}"].replace("{aspect}", aspect)


def told(aspect: str, side: str, count: int, of: int, language: str) -> str:
    """As in "9 of 12 say it runs small"."""
    words = writing(language).reviews
    rule = str(_locale(language).plural_form(count))
    pattern = words.get(f"told.{rule}", words["told.other"])
    numbers = pattern.replace("{count}", _number(count, language)).replace("{of}", _number(of, language))
    said = said_of(aspect, side, language)
    return numbers.replace("{says}", said).replace("{Says}", said[:1].upper() + said[1:])


def advice(side: str, count: int, of: int, language: str) -> str:
    """What to do about a size that is small or large, with the count that says so."""
    return writing(language).reviews[f"advice.{side}"].replace("{told}", told("size", side, count, of, language))


def phrase_of(form: str, aspect: str, side: str, count: int, of: int, language: str) -> str | None:
    """A slot of a text: `count`, `of` and `all` are the numbers, `all` alone where everybody says so and `count` where
    not; `clause`, `about` and `that` are words. None where the language has none for this."""
    if form in ("count", "all"):
        return _number(count, language) if (form == "all") == (count == of) else None
    if form == "of":
        return _number(of, language)
    words = writing(language).reviews
    if form == "about":
        return words.get(f"about.{aspect}")
    own = f"says.{aspect}.{side}" if form == "clause" else ""
    return words.get(f"{form}.{aspect}.{side}") or words.get(own)


def _number(number: int, language: str) -> str:
    return str(format_decimal(number, locale=language))


@cache
def _locale(code: str) -> Locale:
    return Locale.parse(code)
