"""`affinity` as it answers: how much likelier each attribute value is than usual, and the products that have them.

Idea     The recurrence is that of network.py with its input side multiplied out: a value, a kind and a gap each add a
         row of a table to the gates. Finds are the items of the values lifted most, the most chosen first.
Shapes   I items, V values of G groups, D width, T events, W ways of counting, C candidates.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from bottega.datasets.arrays import Features
from bottega.datasets.growing import GrowingColumn, GrowingRows
from bottega.models.recommend.affinity.declared_tastes import Declared, DeclaredGains, declared_gains, declared_lifts
from bottega.models.recommend.affinity.groups import AttributeGroups
from bottega.models.recommend.answering.affinity_kernels import fits, fits_rows, lifts_of, lifts_without, sums
from bottega.models.recommend.answering.left_out import Heard, left_out, scores_without
from bottega.models.recommend.answering.member import Asked, Desk, Finds
from bottega.models.recommend.base import Evidence, Packed
from bottega.models.recommend.last_mile.reasons_left_out import CONTEXT
from bottega.models.recommend.sequence.gaps import gap_codes
from bottega.names import BoolArray, FloatArray, IntArray, LongArray

__all__ = ["PackedAffinity"]

LIFTED = 3
"""Values of each group, those lifted most, whose items are candidates."""
NETWORK = (
    *("value_gates", "kind_gates", "gap_gates", "gate_bias", "again", "out", "out_bias"),
    *("log_share", "strength", "trust", "decays"),
)
"""Arrays of the network, as the kernels take them."""
SHARE = NETWORK.index("log_share")
AffinityHeard = Heard[FloatArray | None, tuple[FloatArray, BoolArray]]
"""Lifts [V], None for nobody; and those without each of the newest products [P + 1, V], with which of them speak."""


@dataclass(frozen=True, slots=True, eq=False)
class PackedAffinity:
    """`values`: the values of each item; `holders`: the items of each value, the most chosen first."""

    serves: frozenset[str]
    logits: bool
    groups: AttributeGroups
    values: GrowingRows
    log_prior: GrowingColumn
    holders: tuple[LongArray, IntArray]
    listed: int
    """Items that `holders` know."""
    network: tuple[FloatArray, ...]
    offsets: LongArray
    max_length: int
    log_most: float
    declared_events: float

    @classmethod
    def of(cls, packed: Packed) -> PackedAffinity:
        """From its arrays."""
        arrays = packed.arrays
        groups = AttributeGroups(
            tuple(packed.settings["group_names"]),
            tuple(packed.settings["group_values"]),
            arrays["group_columns"],
            arrays["group_offsets"],
            arrays["group_edges"],
        )
        return cls(
            packed.serves,
            packed.logits,
            groups,
            packed.rows("values"),
            packed.column("log_prior"),
            (arrays["holders.indptr"], arrays["holders.indices"]),
            len(arrays["log_prior"]),
            tuple(arrays[name] for name in NETWORK),
            np.ascontiguousarray(groups.offsets, np.int64),
            int(packed.settings["max_length"]),
            float(packed.settings["log_most"]),
            float(packed.settings["declared_events"]),
        )

    @property
    def known(self) -> int:
        """Items whose values it knows."""
        return len(self.log_prior)

    @property
    def rows(self) -> tuple[LongArray, IntArray]:
        """The items' values as a kernel reads them, no further than `known`."""
        return self.values.offsets.array, self.values.columns[0].array

    def hear(self, asked: Asked) -> AffinityHeard:
        """The lifts [V]; None for nobody."""
        recent = asked.below(self.known).last(self.max_length)
        if not len(recent):
            return Heard(None)
        lifts = np.zeros(len(self.groups.values), np.float32)
        if len(lifts):
            gaps = gap_codes(np.diff(recent.times, prepend=recent.times[:1]))
            items, kinds = np.ascontiguousarray(recent.items), recent.learnt
            lifts_of(*self.rows, items, kinds, gaps, self.offsets, lifts, *self.network)
        return Heard(lifts)

    def drawn(self, asked: Asked, declared: Sequence[Declared], items: IntArray) -> FloatArray | None:
        """How much more than anyone a shopper is drawn to some items [C], in logarithms, by what they did and what they
        declared; None where neither is known."""
        if not declared and not len(asked.below(self.known)):
            return None
        lifts = self.lifts(asked, declared)
        into = np.zeros(len(items), np.float32)
        sums(*self.rows, self.known, lifts, np.ascontiguousarray(items, np.int32), into)
        return into

    def lifts(self, asked: Asked, declared: Sequence[Declared]) -> FloatArray:
        """How much likelier than usual each value is [V], in logarithms, what was declared included; 0 for nobody."""
        heard = self.hear(asked).whole
        lifts = np.zeros(len(self.groups.values), np.float32) if heard is None else heard
        if declared:
            lifts = declared_lifts(declared, self.groups, lifts, self.log_share, asked.times, self.declared_events)
        return lifts

    @property
    def log_share(self) -> FloatArray:
        """Log of each value's share in the shop [V]."""
        return self.network[SHARE]

    def lifts_without(self, asked: Asked, left_out: IntArray) -> tuple[FloatArray, BoolArray]:
        """Lifts [P + 1, V] of a short history and of the same without each of some items [P], and which rows have
        events."""
        inside = asked.below(self.known)
        rows = len(left_out) + 1
        lifts, speaks = np.zeros((rows, len(self.groups.values)), np.float32), np.zeros(rows, np.bool_)
        items, kinds = np.ascontiguousarray(inside.items), inside.learnt
        times = np.ascontiguousarray(inside.times)
        lifts_without(*self.rows, items, kinds, times, left_out, self.offsets, speaks, lifts, *self.network)
        return lifts, speaks

    def speak(self, asked: Asked, heard: AffinityHeard, desk: Desk) -> _Speaks:
        """Lift the items that have the values."""
        return _Speaks(self, asked, heard, desk)

    def declared_gains(self, declared: Sequence[Declared], items: IntArray, times: LongArray) -> DeclaredGains:
        """What a shopper's own words ask of some items [N], given the times of their events."""
        if not declared:
            return DeclaredGains.nothing(len(items))
        values = self.values.matrix(len(self.groups.values))
        return declared_gains(declared, values, items, times, worth=self.declared_events)

    def extended(self, features: Features) -> PackedAffinity:
        """New items have their values, and the share of a product nobody took."""
        if features.n_items <= self.known:
            return self
        more = self.groups.matrix(features)[self.known :]
        prior = float(self.log_prior.values.min(initial=0.0))
        return replace(
            self,
            values=self.values.grown(np.diff(more.indptr), more.indices, more.data),
            log_prior=self.log_prior.grown(np.full(more.shape[0], prior, np.float32)),
        )


@dataclass(slots=True)
class _Speaks:
    member: PackedAffinity
    asked: Asked
    heard: AffinityHeard
    desk: Desk

    def find(self, found: Finds) -> None:
        member, lifts = self.member, self.heard.whole
        if lifts is None:
            return
        indptr, indices = member.holders
        each = max(8, found.most // (2 * max(len(member.groups.names), 1)))
        for start, end in zip(member.offsets[:-1].tolist(), member.offsets[1:].tolist(), strict=True):
            part = lifts[start:end]
            for value in np.argsort(-part)[:LIFTED].tolist():
                if part[value] > 0:
                    found.listed(indices[indptr[start + value] : indptr[start + value + 1]], each)
        if member.listed < member.known:
            newer = np.arange(member.listed, member.known, dtype=np.int32)
            values = np.empty(len(newer), np.float32)
            self.scores(newer, values)
            found.listed(newer[np.argsort(-values, kind="stable")])

    def scores(self, items: IntArray, into: FloatArray) -> None:
        if (lifts := self.heard.whole) is None:
            into[:] = -np.inf
        else:
            member = self.member
            prior = member.log_prior.array
            fits(*member.rows, prior, member.known, lifts, member.log_most, items, into)

    def evidence(self, items: IntArray) -> list[list[Evidence]]:
        member, desk = self.member, self.desk
        if not len(member.groups.values) or member.max_length < CONTEXT:
            return left_out(self.asked, items, lambda asked, at: scores_without(member, asked, at, items, desk))

        def scores(asked: Asked, at: IntArray) -> FloatArray:
            lifts, speaks = self.heard.without(lambda: member.lifts_without(asked, asked.items[at]))
            found = np.empty((len(lifts), len(items)), np.float32)
            prior = member.log_prior.array
            fits_rows(*member.rows, prior, member.known, lifts, speaks, member.log_most, items, found)
            return found

        return left_out(self.asked, items, scores)

    def close(self, desk: Desk) -> None:
        pass
