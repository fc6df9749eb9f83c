"""What a learnt ranker hears of a candidate besides the blend: levels of members, facts of the product and the shopper.

Idea     A question's candidates are what some member, or the blend, ranks first. Each has a row: what the members say,
         the blend's score, how the product sells and for how long, what it has in common with the shopper's products,
         and what kind of shopper asks. Nothing depends on which other candidates there are.
Shapes   I items, Q questions, N candidates of all questions, M members, F facts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from bottega.datasets.arrays import Features, Histories, Holdout
from bottega.models.blocks.sparse_tables import unit_rows
from bottega.models.recommend.base import Recommender
from bottega.models.recommend.blend.blend import Blend
from bottega.models.recommend.blend.levels import level
from bottega.models.recommend.blend.members import made_member
from bottega.models.recommend.blend.older import impersonal, without_newest
from bottega.models.recommend.blend.shape import shares
from bottega.models.recommend.blend.states import state_of
from bottega.names import DAY_MS, FloatArray, IntArray, LongArray

__all__ = ["Asked", "asked_of", "item_facts", "older_members"]

MEMBER_BEST = 60
"""Candidates that each member names."""
BLEND_BEST = 100
"""Candidates that the blend names."""
FADE = 0.8
"""What an event counts for each younger one, where likeness fades."""
NEVER = 99
"""Events ago, of a category or brand that the shopper never met."""
_BLOCK = 128


@dataclass(frozen=True)
class Asked:
    """Questions: `offsets` [Q + 1] of their candidates' `items` [N], `rows` [N, F], the blend's `scores` [N] and the
    `answers` [Q]; each shopper's candidates are in the order of their codes."""

    offsets: LongArray
    items: IntArray
    rows: FloatArray
    scores: FloatArray
    answers: IntArray

    def places(self, scores: FloatArray) -> IntArray:
        """Place of each answer by scores of the candidates; 0 where it is none of them."""
        found = np.zeros(len(self.answers), dtype=np.int32)
        for q, answer in enumerate(self.answers.tolist()):
            inside = slice(self.offsets[q], self.offsets[q + 1])
            own, at = scores[inside], int(np.searchsorted(self.items[inside], answer))
            if at < len(own) and self.items[inside][at] == answer:
                found[q] = 1 + (own > own[at]).sum() + (own[:at] == own[at]).sum()
        return found

    def shown(self, scores: FloatArray, count: int) -> int:
        """How many different items stand in the first `count` of some list."""
        pairs = zip(self.offsets[:-1], self.offsets[1:], strict=True)
        lists = [self.items[a:b][np.argsort(-scores[a:b], kind="stable")[:count]] for a, b in pairs]
        return len(np.unique(np.concatenate(lists)))


def item_facts(train: Histories, features: Features) -> FloatArray:
    """How each item sells at the end of `train`, for how long, and its price [I, 9]; what is unknown is NaN."""
    newest, n_items = int(train.times.max()), train.n_items
    days = (newest - train.times) / DAY_MS
    ago = np.full((2, n_items), np.nan)
    for row, better in zip(ago, (np.fmax, np.fmin), strict=True):
        better.at(row, train.items, days)

    def share(within: float) -> FloatArray:
        counts = np.bincount(train.items[days <= within], minlength=n_items) + 0.5
        found: FloatArray = np.log(counts / counts.mean()).astype(np.float32)
        return found

    ever, season, month, week = share(np.inf), share(90), share(30), share(7)
    known = [ever, season, month, week, month - ever, week - season, *np.log1p(ago), _log_prices(features)]
    return np.stack(known, axis=1).astype(np.float32)


def _log_prices(features: Features) -> FloatArray:
    """NaN where a price is unknown; 0 everywhere where all are."""
    known = np.isfinite(features.prices) & (features.prices > 0)
    logs = np.log(features.prices, out=np.full(features.n_items, np.nan, dtype=np.float32), where=known)
    return logs if known.any() else np.zeros(features.n_items, dtype=np.float32)


def older_members(blend: Blend, train: Histories, features: Features) -> tuple[dict[str, Recommender], FloatArray]:
    """Who hears no shopper, and the facts of items, as they were before the newest events (blend/older.py)."""
    before = without_newest(train, blend.config.older_share)
    if before is None:
        return {}, item_facts(train, features)
    settings, rng = blend.config.members, np.random.default_rng(0)
    older = {label: made_member(label, settings[label]) for label in impersonal(blend.members_)}
    return {label: one.fit(before, features, rng=rng) for label, one in older.items()}, item_facts(before, features)


def asked_of(
    blend: Blend,
    questions: Holdout,
    features: Features,
    facts: FloatArray,
    moment_ms: int,
    *,
    older: Mapping[str, Recommender] | None = None,
) -> Asked:
    """The candidates of questions that are asked at a moment, with members of `older` in the places of their own."""
    codes, prices = _codes(features), _log_prices(features)
    alike = unit_rows(sparse.csr_matrix(features.attributes, dtype=np.float32))
    rows, items, scores = [], [], []
    for start in range(0, len(questions), _BLOCK):
        inputs = questions.inputs.take(slice(start, start + _BLOCK))
        said = {label: one.score(inputs) for label, one in blend.members_.items()}
        named = _named(inputs, [*said.values(), blend.score(inputs)])
        said |= {label: one.score(inputs) for label, one in (older or {}).items()}
        for b, found in enumerate(named):
            one = inputs.take([b])
            levels = _levels(blend, {label: raw[b, found] for label, raw in said.items()})
            total = _mixed(blend, levels, len(one.items))
            shopper = np.array([np.log1p(len(one.items)), np.log1p((moment_ms - one.times[-1]) / DAY_MS)])
            usual = facts[one.items, 0].mean()
            met = _met(one.items, found, codes, alike, prices)
            same = np.tile(np.append(shopper, usual), (len(found), 1))
            rows.append(np.column_stack([levels.T, total, facts[found], met, same]).astype(np.float32))
            items.append(found)
            scores.append(total)
    offsets = np.concatenate([[0], np.cumsum([len(one) for one in items])]).astype(np.int64)
    return Asked(offsets, np.concatenate(items), np.concatenate(rows), np.concatenate(scores), questions.targets)


def _named(inputs: Histories, said: list[FloatArray]) -> list[IntArray]:
    """What each member, and last the blend, ranks first of what a shopper has not; in the order of codes."""
    found: list[list[IntArray]] = [[] for _ in range(len(inputs))]
    for place, raw in enumerate(said):
        scores = raw.copy()
        scores[inputs.shoppers, inputs.items] = -np.inf
        most = min(BLEND_BEST if place == len(said) - 1 else MEMBER_BEST, scores.shape[1])
        for b, best in enumerate(np.argpartition(-scores, most - 1, axis=1)[:, :most]):
            found[b].append(best[np.isfinite(scores[b, best])].astype(np.int32))
    return [np.unique(np.concatenate(own)) for own in found]


def _levels(blend: Blend, said: Mapping[str, FloatArray]) -> FloatArray:
    """Levels [M, C] of raw scores."""
    return np.stack(
        [
            level(said[label], one.abilities.scale, float(silence), float(spread))
            for (label, one), silence, spread in zip(
                blend.members_.items(), blend.silences_, blend.scales_, strict=True
            )
        ]
    )


def _mixed(blend: Blend, levels: FloatArray, events: int) -> FloatArray:
    """The blend's score [C] of levels, for a shopper of so many events."""
    own = blend.state_weights_[state_of(np.array([events]), blend.state_bound_)[0]]
    total: FloatArray = shares(levels[:, None], blend.knots_, blend.weights_)[:, 0].sum(axis=0) + own @ levels
    return total


def _codes(features: Features) -> list[IntArray]:
    """The category and the brand of each item [I], -1 where it has none."""
    kinds = [name.partition("=")[0] for name in features.attribute_names]
    found = [features.categories] if (features.categories >= 0).any() else []
    for kind in ("brand",) if found else ("category", "brand"):
        columns = np.flatnonzero(np.array(kinds) == kind)
        part = features.attributes[:, columns].tocsr()
        codes = np.full(features.n_items, -1, dtype=np.int32)
        has = np.flatnonzero(np.diff(part.indptr))
        codes[has] = part.indices[part.indptr[has]]
        found.append(codes)
    return found


def _met(
    history: IntArray, items: IntArray, codes: list[IntArray], alike: sparse.csr_matrix, prices: FloatArray
) -> FloatArray:
    """What candidates have in common with a history [C, 9]: category and brand (how often, how often lately, how many
    events ago), attributes (of all, of the latest), price."""
    fade = FADE ** np.arange(len(history))[::-1]
    fade /= fade.sum()
    met = []
    for code in codes:
        same = (code[items][:, None] == code[history]) & (code[items][:, None] >= 0)
        ago = np.where(same.any(axis=1), same[:, ::-1].argmax(axis=1), NEVER)
        met += [np.log1p(same.sum(axis=1)), same @ fade, np.log1p(ago)]
    shared = (alike[items] @ alike[history].T).toarray()
    paid = prices[history]
    usual = np.median(paid[np.isfinite(paid)]) if np.isfinite(paid).any() else np.nan
    return np.stack([*met, shared.mean(axis=1), shared @ fade, prices[items] - usual], axis=1)
