"""`affinity` as it answers: how much likelier each attribute value is than usual, and the products that have them.

Idea     The recurrence is that of network.py with its input side multiplied out: a value, a kind and a gap each add a
         row of a table to the gates. Finds are the items of the values lifted most, the most chosen first.
Shapes   I items, V values of G groups, D width, T events, W ways of counting, C candidates.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from bottega.datasets.arrays import Features
from bottega.datasets.growing import GrowingColumn, GrowingRows
from bottega.models.blocks.jit import kernel
from bottega.models.recommend.affinity.declared_tastes import Declared, DeclaredGains, declared_gains, declared_lifts
from bottega.models.recommend.affinity.groups import AttributeGroups
from bottega.models.recommend.answering.left_out import left_out, scores_without
from bottega.models.recommend.answering.member import Asked, Desk, Finds
from bottega.models.recommend.base import Evidence, Packed
from bottega.models.recommend.sequence.gaps import gap_codes
from bottega.names import FloatArray, Int8Array, IntArray, KindCode, LongArray

__all__ = ["PackedAffinity"]

LIFTED = 3
"""Values of each group, those lifted most, whose items are candidates."""
PURCHASE = int(KindCode.PURCHASE)
NETWORK = (
    *("value_gates", "kind_gates", "gap_gates", "gate_bias", "again", "out", "out_bias"),
    *("log_share", "strength", "trust", "decays"),
)
"""Arrays of the network, as `_lifts` takes them."""
SHARE = NETWORK.index("log_share")


@kernel
def _lifts(
    indptr: LongArray,
    values: IntArray,
    items: IntArray,
    kinds: Int8Array,
    gaps: LongArray,
    offsets: LongArray,
    lifts: FloatArray,
    value_gates: FloatArray,
    kind_gates: FloatArray,
    gap_gates: FloatArray,
    gate_bias: FloatArray,
    again: FloatArray,
    out: FloatArray,
    out_bias: FloatArray,
    log_share: FloatArray,
    strength: FloatArray,
    trust: FloatArray,
    decays: FloatArray,
) -> None:
    """Log of each value's probability for the next view, less the log of its share in the shop [V]."""
    width = len(gate_bias) // 4
    n_values = len(log_share)
    size = len(items)
    state = np.zeros(width, np.float32)
    cell = np.zeros(width, np.float32)
    gates = np.empty(4 * width, np.float32)
    for t in range(size):
        start, end = indptr[items[t]], indptr[items[t] + 1]
        scale = np.float32(1.0 / math.sqrt(max(end - start, 1)))
        kind, gap = kinds[t], gaps[t]
        for g in range(4 * width):
            gates[g] = gate_bias[g] + kind_gates[kind, g] + gap_gates[gap, g]
        for p in range(start, end):
            value = values[p]
            for g in range(4 * width):
                gates[g] += scale * value_gates[value, g]
        for d in range(0, width - 3, 4):
            for g in range(4 * width):
                gates[g] += (
                    state[d] * again[d, g]
                    + state[d + 1] * again[d + 1, g]
                    + state[d + 2] * again[d + 2, g]
                    + state[d + 3] * again[d + 3, g]
                )
        for d in range(width - width % 4, width):
            for g in range(4 * width):
                gates[g] += state[d] * again[d, g]
        for d in range(width):
            let_in = np.float32(1.0) / (np.float32(1.0) + math.exp(-gates[d]))
            kept = np.float32(1.0) / (np.float32(1.0) + math.exp(-gates[width + d]))
            shown = np.float32(1.0) / (np.float32(1.0) + math.exp(-gates[3 * width + d]))
            cell[d] = kept * cell[d] + let_in * math.tanh(gates[2 * width + d])
            state[d] = shown * math.tanh(cell[d])
    ways = len(decays)
    counts = np.zeros((ways + 1, n_values), np.float32)  # purchases are the last way
    for t in range(size):
        for w in range(ways + 1):
            weight = np.float32(1.0)
            if w < ways:
                weight = np.float32(decays[w] ** (size - 1 - t))
            elif kinds[t] != PURCHASE:
                weight = np.float32(0.0)
            if weight != 0.0:
                for p in range(indptr[items[t]], indptr[items[t] + 1]):
                    counts[w, values[p]] += weight
    for v in range(n_values):
        lifts[v] = log_share[v] + out_bias[v]
    for d in range(width):
        held = state[d]
        for v in range(n_values):
            lifts[v] += held * out[d, v]
    for w in range(ways + 1):
        for v in range(n_values):
            if counts[w, v] != 0.0:
                lifts[v] += trust[w, v] * math.log1p(counts[w, v] / strength[w, v])
    for group in range(len(offsets) - 1):
        start, end = offsets[group], offsets[group + 1]
        highest = np.float32(-1e30)
        for v in range(start, end):
            highest = max(highest, lifts[v])
        total = np.float32(0.0)
        for v in range(start, end):
            total += math.exp(lifts[v] - highest)
        whole = np.float32(highest + math.log(total))
        for v in range(start, end):
            lifts[v] -= whole + log_share[v]


@kernel
def _fits(
    indptr: LongArray,
    values: IntArray,
    log_prior: FloatArray,
    known: int,
    lifts: FloatArray,
    log_most: float,
    items: IntArray,
    into: FloatArray,
) -> None:
    """Prior times lifts of each item's values [C]."""
    for c in range(len(items)):
        item = items[c]
        if item >= known:
            into[c] = -np.inf
            continue
        total = log_prior[item]
        for p in range(np.uint64(indptr[item]), np.uint64(indptr[item + 1])):
            total += lifts[np.uint32(values[p])]
        into[c] = math.exp(min(total, np.float32(log_most)))


@kernel
def _sums(
    indptr: LongArray, values: IntArray, known: int, lifts: FloatArray, items: IntArray, into: FloatArray
) -> None:
    """Lifts of each item's values [C]; nothing for items not known."""
    for c in range(len(items)):
        item = items[c]
        total = np.float32(0.0)
        if item < known:
            for p in range(np.uint64(indptr[item]), np.uint64(indptr[item + 1])):
                total += lifts[np.uint32(values[p])]
        into[c] = total


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

    def hear(self, asked: Asked) -> FloatArray | None:
        """The lifts [V]; None for nobody."""
        recent = asked.below(self.known).last(self.max_length)
        if not len(recent):
            return None
        lifts = np.zeros(len(self.groups.values), np.float32)
        if len(lifts):
            gaps = gap_codes(np.diff(recent.times, prepend=recent.times[:1]))
            items, kinds = np.ascontiguousarray(recent.items), np.ascontiguousarray(recent.kinds)
            _lifts(*self.rows, items, kinds, gaps, self.offsets, lifts, *self.network)
        return lifts

    def drawn(self, asked: Asked, declared: Sequence[Declared], items: IntArray) -> FloatArray | None:
        """How much more than anyone a shopper is drawn to some items [C], in logarithms, by what they did and what they
        declared; None where neither is known."""
        heard = self.hear(asked)
        if heard is None and not declared:
            return None
        lifts = np.zeros(len(self.groups.values), np.float32) if heard is None else heard
        if declared:
            lifts = declared_lifts(declared, self.groups, lifts, self.log_share, asked.times, self.declared_events)
        into = np.zeros(len(items), np.float32)
        _sums(*self.rows, self.known, lifts, np.ascontiguousarray(items, np.int32), into)
        return into

    @property
    def log_share(self) -> FloatArray:
        """Log of each value's share in the shop [V]."""
        return self.network[SHARE]

    def speak(self, asked: Asked, heard: FloatArray | None, desk: Desk) -> _Speaks:
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
    lifts: FloatArray | None
    desk: Desk

    def find(self, found: Finds) -> None:
        if self.lifts is None:
            return
        member = self.member
        indptr, indices = member.holders
        each = max(8, found.most // (2 * max(len(member.groups.names), 1)))
        for start, end in zip(member.offsets[:-1].tolist(), member.offsets[1:].tolist(), strict=True):
            part = self.lifts[start:end]
            for value in np.argsort(-part)[:LIFTED].tolist():
                if part[value] > 0:
                    found.listed(indices[indptr[start + value] : indptr[start + value + 1]], each)
        if member.listed < member.known:
            newer = np.arange(member.listed, member.known, dtype=np.int32)
            values = np.empty(len(newer), np.float32)
            self.scores(newer, values)
            found.listed(newer[np.argsort(-values, kind="stable")])

    def scores(self, items: IntArray, into: FloatArray) -> None:
        if self.lifts is None:
            into[:] = -np.inf
        else:
            member = self.member
            prior = member.log_prior.array
            _fits(*member.rows, prior, member.known, self.lifts, member.log_most, items, into)

    def evidence(self, items: IntArray) -> list[list[Evidence]]:
        member, desk = self.member, self.desk
        return left_out(self.asked, items, lambda asked, at: scores_without(member, asked, at, items, desk))

    def close(self, desk: Desk) -> None:
        pass
