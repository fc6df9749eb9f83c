"""Plans: what a text says in which order, as numbers. A plan names keys of facts and kinds of sentences, and no word.

Idea     "Navy shirt, long sleeves. Material: cotton." is SENTENCE colour kind sleeves LABEL material STOP. Two listings
         of other words may have one plan, so few listings teach much, and nothing that a plan names can be an invention
         where only keys that the product has facts for may be chosen (`allowed`).
Marks    SENTENCE opens a sentence, LABEL one that begins with the name of its key, PIECE what stands behind a comma of
         a title; STOP ends the plan. Values of one key side by side count once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bottega.languages.kinship import upwards
from bottega.models.wording.facts import FactSheet
from bottega.models.wording.keys import IMPORTANCE

__all__ = [
    "ID_NAMES",
    "KEY_NUMBERS",
    "LABEL",
    "LONGEST",
    "MARKS",
    "PIECE",
    "PLAN_KEYS",
    "SENTENCE",
    "STOP",
    "PlanQuestion",
    "PlanRole",
    "key_number",
    "plan_names",
    "put_together",
    "question_of",
]

STOP, SENTENCE, LABEL, PIECE = range(4)
MARKS = ("stop", "sentence", "label", "piece")
_UNPLANNED = frozenset({"category", "review", "price", "name", "title"})
OTHER = "other"
"""Stands for every key that nobody foresaw."""
PLAN_KEYS = (*(key for key in IMPORTANCE if key not in _UNPLANNED), OTHER)
ID_NAMES = (*MARKS, *PLAN_KEYS)
"""What each number of a plan stands for."""
KEY_NUMBERS = {key: len(MARKS) + place for place, key in enumerate(PLAN_KEYS)}
LONGEST = 24
"""Numbers of a plan; one that goes on is cut, and then has no STOP."""


class PlanRole(StrEnum):
    """What the planned text is."""

    TITLE = "title"
    DESCRIPTION = "description"


@dataclass(frozen=True, slots=True)
class PlanQuestion:
    """What a plan is made for."""

    role: PlanRole
    keys: frozenset[int]
    """Numbers of the keys that the product has facts for."""
    kind: str = ""
    """The broadest name of the thing, "kind.clothing"; empty where nobody knows."""

    def allowed(self) -> frozenset[int]:
        """The numbers that a plan of this product may hold."""
        return self.keys | ({STOP, PIECE} if self.role is PlanRole.TITLE else {STOP, SENTENCE, LABEL})


def key_number(key: str) -> int | None:
    """The number of a fact's key; None for those that no plan names, as the price.

    >>> ID_NAMES[key_number("colour") or 0], ID_NAMES[key_number("wick_type") or 0], key_number("price")
    ('colour', 'other', None)
    """
    return None if key in _UNPLANNED else KEY_NUMBERS.get(key, KEY_NUMBERS[OTHER])


def question_of(sheet: FactSheet, role: PlanRole) -> PlanQuestion:
    """What is asked about a product's text."""
    numbers = (key_number(fact.key) for fact in sheet.claimed)
    kind = next((upwards(fact.concept)[-1] for fact in sheet.of("kind") if fact.concept), "")
    return PlanQuestion(role, frozenset(number for number in numbers if number is not None), kind)


def put_together(numbers: Iterable[int], only: Collection[int] | None = None) -> tuple[int, ...]:
    """A plan: marks behind which nothing stands are left out, and a key beside itself counts once; `only` these are
    kept.

    >>> plan_names(put_together([SENTENCE, 5, 5, SENTENCE, LABEL, 9, SENTENCE]))
    ('sentence', 'front', 'label', 'colour', 'stop')
    """
    made: list[int] = []
    for number in numbers:
        if number < len(MARKS):
            if made and made[-1] < len(MARKS):
                made.pop()
            made.append(number)
        elif (only is None or number in only) and (not made or made[-1] != number):
            made.append(number)
    while made and made[-1] < len(MARKS):
        made.pop()
    return tuple([*made[made[:1] == [PIECE] :], STOP][:LONGEST])


def plan_names(plan: Sequence[int]) -> tuple[str, ...]:
    """A plan as people read it."""
    return tuple(ID_NAMES[number] for number in plan)
