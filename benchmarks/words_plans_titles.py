"""Titles as the writer makes them, by its rules and with planners: how near to those of people, and at what cost."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bottega.models.wording.planning.likely import plan_of_text
from bottega.models.wording.planning.planner import Planner
from bottega.models.wording.planning.plans import MARKS, PlanQuestion, PlanRole
from bottega.models.wording.text import TextKind
from bottega.models.wording.writer import ListingWriter
from words_plans_data import SOURCES, PlanRow
from words_plans_judge import agreement, bleu

__all__ = ["OPEN", "SPLIT", "Asked", "tell_titles", "texts_asked", "written"]

OPEN = {
    "fashion": "titles of a catalogue, MIT",
    "demo_products": "titles and descriptions of a demonstration shop, MIT-0",
}
"""Sets whose terms let what is learnt from them come along."""
SPLIT = {"by": "clusters of titles without colours and of like descriptions", "seed": 14}
KINDS = {PlanRole.TITLE: TextKind.TITLE, PlanRole.DESCRIPTION: TextKind.DESCRIPTION}
RESAMPLES = 1_000


@dataclass(frozen=True)
class Asked:
    """One text of one listing: what is asked, and what the person made."""

    row: PlanRow
    question: PlanQuestion
    plan: tuple[int, ...]


def texts_asked(rows: Sequence[PlanRow], part: str) -> Iterator[Asked]:
    for row in rows:
        for role, plan in row.read.plans.items():
            if row.part == part and len(plan) > 1:
                yield Asked(row, row.read.question(role), plan)


def written(people: Sequence[Asked], planner: Planner | None = None) -> list[tuple[int, ...]]:
    """The plans that the writer makes, by its rules alone or with a planner of titles."""
    writer = ListingWriter("en", planner=planner)
    return [
        plan_of_text(writer.text(one.row.read.sheet, KINDS[one.question.role]), one.row.read.sheet) for one in people
    ]


def tell_titles(people: Sequence[Asked], planners: Mapping[str, Planner | None]) -> None:
    """Print how near titles are, and what all texts have in common."""
    titles = [one for one in people if one.question.role is PlanRole.TITLE]
    base = near(titles, written(titles))
    tell_near("by rules", titles, base, base)
    for name, planner in planners.items():
        tell_near(f"with {name}", titles, near(titles, written(titles, planner)), base)
    for name, planner in {"rules": None, **planners}.items():
        print(f"first five words shared, {name}: {cost(people, planner)}")


def near(titles: Sequence[Asked], plans: Sequence[tuple[int, ...]]) -> np.ndarray:
    """Of written titles, a row each: pairs in one order, pairs, BLEU with the person's own, whether it is the same
    plan, keys that both say, keys that the person says, keys that the writer says."""
    rows = []
    for one, plan in zip(titles, plans, strict=True):
        pairs = agreement(plan, one.plan)
        mine, theirs = ({number for number in numbers if number >= len(MARKS)} for numbers in (plan, one.plan))
        same = float(plan == one.plan)
        rows.append(
            [pairs.ordered, pairs.pairs, bleu(plan, [one.plan]), same, len(mine & theirs), len(theirs), len(mine)]
        )
    return np.array(rows, dtype=float)


def shares(sums: np.ndarray, count: np.ndarray) -> np.ndarray:
    """Sums of rows of `near` as figures: order, BLEU, the same plan, how much of the person's is said, and how much of
    what is said is theirs."""
    pairs, theirs, mine = (np.maximum(sums[..., place], 1) for place in (1, 5, 6))
    return np.stack(
        [sums[..., 0] / pairs, sums[..., 2] / count, sums[..., 3] / count, sums[..., 4] / theirs, sums[..., 4] / mine],
        axis=-1,
    )


NEAR = ("order", "own BLEU", "same plan", "theirs said", "said theirs")


def tell_near(name: str, titles: Sequence[Asked], rows: np.ndarray, base: np.ndarray) -> None:
    """How near titles of a writer are to people's, and by how much nearer than those of the rules, by cluster."""
    for source in ("all", *SOURCES):
        mine = [place for place, one in enumerate(titles) if source in ("all", one.row.source)]
        clusters, of = np.unique([titles[place].row.cluster for place in mine], return_inverse=True)
        sums = np.zeros((2, len(clusters), rows.shape[1]))
        for side, some in enumerate((rows, base)):
            np.add.at(sums[side], of, some[mine])
        counts = np.bincount(of).astype(float)
        told = shares(sums[0].sum(0), counts.sum())
        if rows is base:
            print(f"titles {name}, {source}: " + ", ".join(f"{a} {b:.3f}" for a, b in zip(NEAR, told, strict=True)))
            continue
        drawn_RC = np.random.default_rng(0).integers(0, len(clusters), (RESAMPLES, len(clusters)))
        both = [shares(one[drawn_RC].sum(1), counts[drawn_RC].sum(1)) for one in sums]
        low, high = np.quantile(both[0] - both[1], [0.025, 0.975], axis=0)
        ahead = told - shares(sums[1].sum(0), counts.sum())
        print(
            f"titles {name}, {source}: "
            + ", ".join(
                f"{a} {b:.3f} ({c:+.3f}, {d:+.3f} to {e:+.3f})"
                for a, b, c, d, e in zip(NEAR, told, ahead, low, high, strict=True)
            )
        )


def cost(people: Sequence[Asked], planner: Planner | None) -> str:
    """Share of titles and descriptions of one set whose first five words begin another one of it; CPU ms for both."""
    writer = ListingWriter("en", planner=planner)
    told, began, count = [], time.process_time(), 0
    for source in SOURCES:
        rows = list({id(one.row): one.row for one in people if one.row.source == source}.values())[:500]
        for kind in KINDS.values():
            texts = [writer.text(row.read.sheet, kind).text for row in rows]
            times = Counter(tuple(text.split()[:5]) for text in texts)
            told.append(f"{source} {kind} {sum(many for many in times.values() if many > 1) / len(texts):.3f}")
        count += len(rows)
    return f"{', '.join(told)}; {(time.process_time() - began) * 1000 / count:.2f} CPU ms a listing"
