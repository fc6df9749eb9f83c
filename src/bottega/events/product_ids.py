"""Which product an event means, where other systems write its id another way: gla_123, shopify_US_77_123, a gid.

A pattern says how: `gla_{id}` reads gla_123 as 123; `shopify_US_{group}_{id}` as 123, or as the group 77 where the
catalogue has no 123; `{id} => gla_{id}` goes the other way, for a catalogue that has such ids. An id that the pattern
does not fit stays as it is. Where a row names a product in several ways (an id, a SKU, its group), the first one that
the catalogue knows is taken. Nothing is translated unasked: `propose` says which pattern would make ids known.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import dataclass, field

import polars as pl

from bottega.errors import MappingInvalid
from bottega.events.batch import BETWEEN

__all__ = ["IdPattern", "ProductIds", "parse_pattern", "propose"]

_HOLE = re.compile(r"\{(\w+)\}")
_ARROW = "=>"
_CORE = re.compile(r"[0-9]+")
_EXAMPLES = 2_000


@dataclass(frozen=True, slots=True)
class IdPattern:
    """How ids of events become ids of the catalogue."""

    text: str
    """As it was said."""
    form: re.Pattern[str]
    """What an id of an event looks like."""
    targets: tuple[str, ...]
    """What it becomes, the first that the catalogue knows: texts with holes."""

    def readings(self, text: str) -> list[str]:
        """Ids of the catalogue that one of an event may mean, the likeliest first; itself where the form fits not."""
        found = self.form.fullmatch(text)
        if found is None:
            return [text]
        parts = found.groupdict()
        return [_HOLE.sub(lambda hole: parts[hole[1]], target) for target in self.targets]


def parse_pattern(text: str | None) -> IdPattern | None:
    """The pattern of `--product-ids`. Raises `MappingInvalid`."""
    if text is None or not text.strip():
        return None
    left, arrow, right = (part.strip() for part in text.partition(_ARROW))
    names = _HOLE.findall(left)
    wanted = _HOLE.findall(right) if arrow else [name for name in ("id", "group") if name in names]
    if not names or not wanted or len(set(names)) < len(names) or not set(wanted) <= set(names):
        raise MappingInvalid(
            f"--product-ids is {text!r}.",
            allowed="It shows how events write an id, with {id} where the catalogue's own id stands, and perhaps "
            "{group}, each once. To add what the catalogue has and events lack, write both: '{id} => gla_{id}'.",
            next_step='For example --product-ids "gla_{id}".',
        )
    pieces = _HOLE.split(left)
    form = "".join(re.escape(piece) if place % 2 == 0 else f"(?P<{piece}>.+?)" for place, piece in enumerate(pieces))
    return IdPattern(text, re.compile(form), (right,) if arrow else tuple(f"{{{name}}}" for name in wanted))


@dataclass(slots=True)
class ProductIds:
    """Chooses what each event names, by a pattern and by what the catalogue knows."""

    missing: Callable[[Iterable[str]], Set[str]]
    """Those of these ids that the catalogue does not have."""
    pattern: IdPattern | None = None
    translated: Counter[str] = field(default_factory=Counter)
    """How many events were read under the pattern, for the report."""

    def chosen(self, ids: pl.Series, others: pl.Series | None) -> pl.Series:
        """The product id of each row; `others` are further ids of it, parted by `BETWEEN`."""
        if self.pattern is None and (others is None or others.is_null().all()):
            return ids
        rows = pl.DataFrame(
            {"id": ids, "others": others if others is not None else pl.Series([None] * len(ids), dtype=pl.String)}
        )
        different = rows.unique()
        readings = [self._readings(one, more) for one, more in different.iter_rows()]
        missing = self.missing({name for names in readings if len(names) > 1 for name in names})
        choice = [
            next((name for name in names if name not in missing), names[0]) if names else None for names in readings
        ]
        answers = different.with_columns(pl.Series("chosen", choice, dtype=pl.String))
        found = rows.join(answers, on=["id", "others"], how="left", nulls_equal=True, maintain_order="left")["chosen"]
        if self.pattern is not None:
            self.translated[self.pattern.text] += int((found != ids).fill_null(False).sum())
        return found

    def _readings(self, one: str | None, more: str | None) -> list[str]:
        texts = [text for text in (one, *(more.split(BETWEEN) if more else ())) if text]
        pattern = self.pattern
        return list(dict.fromkeys(name for text in texts for name in (pattern.readings(text) if pattern else [text])))


def propose(
    unknown: Sequence[str], missing: Callable[[Iterable[str]], Set[str]], catalogue: Sequence[str]
) -> tuple[str, int] | None:
    """The pattern under which most of these ids become known, and how many of them; None where none helps half.

    `catalogue`: some of the catalogue's own ids, to find what events lack.
    """
    sample = list(dict.fromkeys(unknown))[:_EXAMPLES]
    tries: Counter[str] = Counter()
    for text in sample:
        tries.update(_patterns(text))
    tries.update(_longer(catalogue))
    best: tuple[str, int] | None = None
    for candidate, _ in tries.most_common(40):
        pattern = parse_pattern(candidate)
        assert pattern is not None
        read = {text: pattern.readings(text) for text in sample}
        lost = missing({name for names in read.values() for name in names})
        known = sum(any(name not in lost for name in names) and names != [text] for text, names in read.items())
        if known * 2 >= len(sample) and (best is None or known > best[1]):
            best = candidate, known
    return best


def _patterns(text: str) -> list[str]:
    """Patterns that one id might follow: each number, or each piece between marks, may be what the catalogue knows."""
    found = []
    if not _HOLE.search(text) and _ARROW not in text:
        numbers = list(_CORE.finditer(text))
        for number in numbers:
            if number[0] != text:
                found.append(f"{text[: number.start()]}{{id}}{text[number.end() :]}")
        if len(numbers) >= 2:
            group, one = numbers[-2:]
            between = text[group.end() : one.start()]
            found.append(f"{text[: group.start()]}{{group}}{between}{{id}}{text[one.end() :]}")
        for mark in "_:/|-":
            head, sign, tail = text.partition(mark)
            if sign and head and tail:
                found += [f"{head}{mark}{{id}}", f"{{id}}{mark}{tail}"]
            head, sign, tail = text.rpartition(mark)
            if sign and head and tail:
                found += [f"{head}{mark}{{id}}", f"{{sku}}{mark}{{id}}", f"{{id}}{mark}{{rest}}"]
    return [pattern for pattern in found if "{}" not in pattern]


def _longer(catalogue: Sequence[str]) -> list[str]:
    """Patterns for a catalogue whose ids hold what events have alone."""
    found = []
    for text in catalogue[:_EXAMPLES]:
        numbers = list(_CORE.finditer(text))
        if numbers and numbers[-1][0] != text and not _HOLE.search(text) and _ARROW not in text:
            last = numbers[-1]
            found.append(f"{{id}} {_ARROW} {text[: last.start()]}{{id}}{text[last.end() :]}")
    return found
