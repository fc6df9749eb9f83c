"""What a letter says beside its products, in a language: subject, reasons, dates, prices, the way out.

The sentences are data (`[letters]` in `languages/writing/<code>.txt`) and speak of the shopper's own events; what is
said of a product itself comes from its facts, and passes the proof (`proved_line`) or is not said.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from babel.dates import format_date, format_skeleton
from babel.numbers import format_currency

from bottega.languages.writing import writing
from bottega.models.wording.facts import FactSheet
from bottega.models.wording.text import Text, TextKind
from bottega.models.wording.verify import verify
from bottega.models.wording.writer import ListingWriter

__all__ = ["LetterWords", "greeting", "proved_line"]


class LetterWords:
    """The sentences of one language."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._said = writing(language).letters

    def say(self, name: str, **given: str) -> str:
        """A sentence, filled. What is filled in is never read as a pattern."""
        text = self._said[name]
        parts = [piece.partition("}") for piece in text.split("{")[1:]]
        return text.split("{")[0] + "".join(given[key] + rest for key, _, rest in parts)

    def day(self, time: datetime) -> str:
        """As in 3 November."""
        return str(format_skeleton("MMMMd", time, locale=self.language))

    def weekday(self, time: datetime) -> str:
        """As in Thursday."""
        return str(format_date(time.date(), "EEEE", locale=self.language))

    def money(self, amount: str, currency: str) -> str:
        """A plain amount, as in 10.90, as people write it."""
        return str(format_currency(Decimal(amount), currency, locale=self.language))


def greeting(writer: ListingWriter, sheet: FactSheet, shopper: str, *, seed: int) -> str:
    """How a letter begins; by name where there is one."""
    text = writer.text(sheet, TextKind.EMAIL, seed=seed, given={"shopper": shopper} if shopper else {})
    first = text.sentences[0]
    return text.text[first.start : first.end]


def proved_line(writer: ListingWriter, sheet: FactSheet, *, seed: int, first: Sequence[str] = ()) -> Text | None:
    """One or two sentences about a product that its facts bear out; None where the proof does not take them.

    They begin with the facts named in `first`; where that is not proved, as they would for anybody.
    """
    for names in (first, ()) if first else ((),):
        text = writer.text(sheet, TextKind.SHORT, seed=seed, first=names)
        if verify(text.text, sheet, writer.language).proved:
            return text
    return None
