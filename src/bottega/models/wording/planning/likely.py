"""What a planner thinks of filled frames: how likely each is as a product's title; and written texts as plans."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bottega.models.wording.facts import FactSheet
from bottega.models.wording.filling import Filled
from bottega.models.wording.planning.planner import Planner
from bottega.models.wording.planning.plans import (
    LABEL,
    PIECE,
    SENTENCE,
    PlanRole,
    key_number,
    put_together,
    question_of,
)
from bottega.models.wording.text import Text, TextKind

__all__ = ["TEMPERATURE", "likely", "part_numbers", "plan_of_text"]

TEMPERATURE = 1.0
"""Below 1 the likeliest frame is taken more often than people would, above it less often."""
_BREAKS = ",:;-–"


def likely(
    planner: Planner, sheet: FactSheet, titles: Sequence[Filled], *, temperature: float = TEMPERATURE
) -> list[float]:
    """How likely each is as the title of a product: 1 for the likeliest, less for the others."""
    if len(titles) < 2:
        return [1.0] * len(titles)
    begun = planner.begin(question_of(sheet, PlanRole.TITLE))
    logs_N = planner.log_chances(begun, [part_numbers(one, sheet, PlanRole.TITLE) for one in titles])
    return [float(chance) for chance in np.exp((logs_N - logs_N.max()) / temperature)]


def part_numbers(part: Filled, sheet: FactSheet, role: PlanRole) -> tuple[int, ...]:
    """A filled frame as numbers of a plan, without a STOP."""
    numbers: list[int] = []
    if role is PlanRole.DESCRIPTION:
        numbers.append(LABEL if any(slot.form == "label" for slot in part.sentence.slots) else SENTENCE)
    last = part.sentence.start
    for slot in part.sentence.slots:
        if role is PlanRole.TITLE and any(sign in _BREAKS for sign in part.text[last : slot.start]):
            numbers.append(PIECE)
        last = slot.end
        numbers += _of_title(sheet) if slot.key == "title" else _of_names(slot.facts)
    plan = put_together(numbers)
    return tuple(number for number in plan if number)


def plan_of_text(text: Text, sheet: FactSheet) -> tuple[int, ...]:
    """The plan of a written text, by its derivation."""
    role = PlanRole.TITLE if text.kind is TextKind.TITLE else PlanRole.DESCRIPTION
    return put_together(
        number for sentence in text.sentences for number in part_numbers(Filled(text.text, sentence, ()), sheet, role)
    )


def _of_names(names: Sequence[str]) -> list[int]:
    """The numbers of facts by their names ("colour=Navy Blue")."""
    numbers = (key_number(name.partition("=")[0]) for name in names)
    return [number for number in numbers if number is not None]


def _of_title(sheet: FactSheet) -> list[int]:
    """What the merchant's own title says, in its order."""
    said = sorted((fact.at, fact.key) for fact in sheet.claimed if fact.at is not None)
    numbers = (key_number(key) for _, key in said)
    return [number for number in numbers if number is not None]
