"""How plans are judged: an n-gram of people's plans for quality, one of the drawn plans for diversity, BLEU.

Quality    nats a number of drawn plans under an n-gram of people whom no model learnt from; less is better.
Diversity  nats a number of those people's plans under an n-gram of the drawn ones: what people say and the model never
           does is dear; less is better. (Reverse and forward language-model score: Caccia et al. 2020,
           https://arxiv.org/abs/1811.02549, section 4.)
Order      of two keys that both plans say, how often the first of them is the same; Groups: of two such keys, how often
           both plans have them in one sentence, or both in two.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from bottega.models.wording.planning.plans import ID_NAMES, LABEL, MARKS, PIECE, SENTENCE, PlanRole

__all__ = ["Agreement", "PlanNgram", "agreement", "bleu", "judge_plans", "self_bleu"]

Plan = tuple[int, ...]
ORDER = 5
_ROLE = {str(role): -1 - place for place, role in enumerate(PlanRole)}


class PlanNgram:
    """Chances of the next number after up to four others, by Witten and Bell's interpolation. The role of a text is
    its first number."""

    def __init__(self, plans: Sequence[tuple[str, Plan]]) -> None:
        self.after: list[dict[Plan, Counter[int]]] = [defaultdict(Counter) for _ in range(ORDER)]
        for role, plan in plans:
            whole = (_ROLE[role], *plan)
            for place in range(1, len(whole)):
                for back in range(min(ORDER, place + 1)):
                    self.after[back][whole[place - back : place]][whole[place]] += 1

    def chance(self, before: Plan, number: int) -> float:
        """Of a number behind others."""
        chance = 1 / len(ID_NAMES)
        for back in range(min(ORDER, len(before) + 1)):
            found = self.after[back].get(before[len(before) - back :])
            if found is None:
                break
            total, kinds = sum(found.values()), len(found)
            chance = (found[number] + kinds * chance) / (total + kinds)
        return chance

    def nats(self, role: str, plan: Plan) -> float:
        """Of a whole plan."""
        whole = (_ROLE[role], *plan)
        return -sum(
            math.log(self.chance(whole[max(0, place - ORDER + 1) : place], whole[place]))
            for place in range(1, len(whole))
        )

    def mean(self, plans: Sequence[tuple[str, Plan]]) -> float:
        """Nats a number."""
        return sum(self.nats(role, plan) for role, plan in plans) / max(1, sum(len(plan) for _, plan in plans))


def bleu(plan: Plan, others: Sequence[Plan], most: int = 4) -> float:
    """BLEU of a plan against others, runs of up to four numbers, counts smoothed by one (Lin & Och 2004)."""
    logs = 0.0
    for size in range(1, most + 1):
        mine = Counter(zip(*(plan[at:] for at in range(size)), strict=False))
        best: Counter[tuple[int, ...]] = Counter()
        for other in others:
            best |= Counter(zip(*(other[at:] for at in range(size)), strict=False))
        hits, total = sum((mine & best).values()), sum(mine.values())
        logs += math.log((hits + (size > 1)) / (total + (size > 1))) if hits or size > 1 else -9.0
    nearest = min((abs(len(other) - len(plan)), len(other)) for other in others)[1]
    return math.exp(logs / most) * min(1.0, math.exp(1 - nearest / len(plan)))


def self_bleu(
    plans: Sequence[tuple[str, Plan]], rng: np.random.Generator, *, asked: int = 400, beside: int = 20
) -> float:
    """How like one another plans of a role are: BLEU of some against some others."""
    of_role: dict[str, list[Plan]] = defaultdict(list)
    for role, plan in plans:
        of_role[role].append(plan)
    found = []
    for some in of_role.values():
        for place in rng.permutation(len(some))[: asked // len(of_role)]:
            others = [some[other] for other in rng.integers(0, len(some), beside) if other != place]
            found.append(bleu(some[place], others))
    return float(np.mean(found))


@dataclass(frozen=True, slots=True)
class Agreement:
    """Pairs of keys that a plan and a person's plan both say: how many, in one order, in the same groups."""

    pairs: int = 0
    ordered: int = 0
    grouped: int = 0


def agreement(plan: Plan, persons: Plan) -> Agreement:
    """Of a plan with the person's own for the same product."""
    mine, theirs = _places(plan), _places(persons)
    pairs = list(combinations(sorted(mine.keys() & theirs.keys()), 2))
    ordered = sum((mine[a][0] < mine[b][0]) == (theirs[a][0] < theirs[b][0]) for a, b in pairs)
    grouped = sum((mine[a][1] == mine[b][1]) == (theirs[a][1] == theirs[b][1]) for a, b in pairs)
    return Agreement(len(pairs), ordered, grouped)


def _places(plan: Plan) -> Mapping[int, tuple[int, int]]:
    """Where each key is first said: its place, and the number of the sentence or piece."""
    found: dict[int, tuple[int, int]] = {}
    group = 0
    for place, number in enumerate(plan):
        group += number in (SENTENCE, LABEL, PIECE)
        if number >= len(MARKS):
            found.setdefault(number, (place, group))
    return found


def judge_plans(
    plans: Sequence[tuple[str, Plan]],
    persons: Sequence[Plan],
    allowed: Sequence[frozenset[int]],
    judges: Sequence[tuple[str, Plan]],
    of_judges: PlanNgram,
    rng: np.random.Generator,
) -> dict[str, float]:
    """All figures of one set of plans, one for each question; `persons`: the person's own for the same product."""
    keys = [[number for number in plan if number >= len(MARKS)] for _, plan in plans]
    false = [sum(number not in may for number in some) for some, may in zip(keys, allowed, strict=True)]
    agreed = [agreement(plan, own) for (_, plan), own in zip(plans, persons, strict=True)]
    pairs = max(1, sum(one.pairs for one in agreed))
    return {
        "quality": of_judges.mean(plans),
        "diversity": PlanNgram(plans).mean(judges),
        "own BLEU": float(np.mean([bleu(plan, [own]) for (_, plan), own in zip(plans, persons, strict=True)])),
        "self-BLEU": self_bleu(plans, rng),
        "distinct": len(set(plans)) / len(plans),
        "order": sum(one.ordered for one in agreed) / pairs,
        "groups": sum(one.grouped for one in agreed) / pairs,
        "untrue keys": sum(false) / max(1, sum(map(len, keys))),
        "plans with an untrue key": float(np.mean([count > 0 for count in false])),
        "length": float(np.mean([len(plan) for _, plan in plans])),
    }
