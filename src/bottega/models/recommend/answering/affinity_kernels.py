"""What `affinity` computes in an answer: lifts of values, and what they make of items.

Idea     The recurrence is that of network.py with its input side multiplied out: a value, a kind and a gap each add a
         row of a table to the gates. A history without one of its products goes the way of the whole history down to
         that product, and is computed from there.
Shapes   I items, V values of G groups, D width, T events, P products left out, W ways of counting, C candidates.
"""

from __future__ import annotations

import math

import numpy as np

from bottega.models.blocks.jit import kernel
from bottega.models.recommend.sequence.gaps import GAP_CODES
from bottega.names import BoolArray, FloatArray, Int8Array, IntArray, KindCode, LongArray

__all__ = ["fits", "fits_rows", "lifts_of", "lifts_without", "sums"]

PURCHASE = int(KindCode.PURCHASE)


@kernel
def _step(
    indptr: LongArray,
    values: IntArray,
    item: int,
    kind: int,
    gap: int,
    value_gates: FloatArray,
    kind_gates: FloatArray,
    gap_gates: FloatArray,
    gate_bias: FloatArray,
    again: FloatArray,
    gates: FloatArray,
    state: FloatArray,
    cell: FloatArray,
) -> None:
    """One event of the recurrence: `state` and `cell` [D] become those behind it; `gates` [4 D] is scratch."""
    width = len(state)
    start, end = indptr[item], indptr[item + 1]
    scale = np.float32(1.0 / math.sqrt(max(end - start, 1)))
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


@kernel
def _lifted(
    indptr: LongArray,
    values: IntArray,
    items: IntArray,
    kinds: Int8Array,
    offsets: LongArray,
    state: FloatArray,
    out: FloatArray,
    out_bias: FloatArray,
    log_share: FloatArray,
    strength: FloatArray,
    trust: FloatArray,
    decays: FloatArray,
    lifts: FloatArray,
) -> None:
    """What the state behind a history and its counts say of each value [V]."""
    n_values, size, ways = len(log_share), len(items), len(decays)
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
    for d in range(len(state)):
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
def lifts_of(
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
    state, cell, gates = np.zeros(width, np.float32), np.zeros(width, np.float32), np.empty(4 * width, np.float32)
    read = (value_gates, kind_gates, gap_gates, gate_bias, again)
    for t in range(len(items)):
        _step(indptr, values, items[t], kinds[t], gaps[t], *read, gates, state, cell)
    said = (out, out_bias, log_share, strength, trust, decays)
    _lifted(indptr, values, items, kinds, offsets, state, *said, lifts)


@kernel
def _gap(gap_ms: int) -> int:
    """`gap_codes` of one gap."""
    code, least = 0, 1000
    while code < GAP_CODES - 1 and gap_ms >= least:
        code += 1
        least *= 2
    return code


@kernel
def lifts_without(
    indptr: LongArray,
    values: IntArray,
    items: IntArray,
    kinds: Int8Array,
    times: LongArray,
    left_out: IntArray,
    offsets: LongArray,
    speaks: BoolArray,
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
    """`lifts_of` a history and of the same without each item of `left_out` [P + 1, V], and whether a row has events.
    Up to the first event that is left out a row goes the way of the whole history."""
    size, width = len(items), len(gate_bias) // 4
    read = (value_gates, kind_gates, gap_gates, gate_bias, again)
    said = (out, out_bias, log_share, strength, trust, decays)
    states, cells = np.zeros((size + 1, width), np.float32), np.zeros((size + 1, width), np.float32)
    state, cell, gates = np.zeros(width, np.float32), np.zeros(width, np.float32), np.empty(4 * width, np.float32)
    for t in range(size):
        gap = _gap(times[t] - times[max(t - 1, 0)])
        _step(indptr, values, items[t], kinds[t], gap, *read, gates, state, cell)
        states[t + 1], cells[t + 1] = state, cell
    _lifted(indptr, values, items, kinds, offsets, state, *said, lifts[0])
    speaks[0] = size > 0
    kept_items, kept_kinds = np.empty(size, np.int32), np.empty(size, np.int8)
    for r in range(len(left_out)):
        n, last, gone = 0, -1, False
        state[:], cell[:] = np.float32(0.0), np.float32(0.0)
        for t in range(size):
            if items[t] == left_out[r]:
                if not gone:
                    state[:], cell[:] = states[t], cells[t]
                gone = True
                continue
            kept_items[n], kept_kinds[n] = items[t], kinds[t]
            n += 1
            if gone:
                gap = _gap(times[t] - times[last]) if last >= 0 else 0
                _step(indptr, values, items[t], kinds[t], gap, *read, gates, state, cell)
            last = t
        if not gone:
            state[:] = states[size]
        _lifted(indptr, values, kept_items[:n], kept_kinds[:n], offsets, state, *said, lifts[r + 1])
        speaks[r + 1] = n > 0


@kernel
def fits(
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
def fits_rows(
    indptr: LongArray,
    values: IntArray,
    log_prior: FloatArray,
    known: int,
    lifts: FloatArray,
    speaks: BoolArray,
    log_most: float,
    items: IntArray,
    into: FloatArray,
) -> None:
    """`fits` of several lifts [P + 1, C]; -inf for a row that says nothing."""
    for r in range(len(lifts)):
        if speaks[r]:
            fits(indptr, values, log_prior, known, lifts[r], log_most, items, into[r])
        else:
            into[r] = -np.inf


@kernel
def sums(indptr: LongArray, values: IntArray, known: int, lifts: FloatArray, items: IntArray, into: FloatArray) -> None:
    """Lifts of each item's values [C]; nothing for items not known."""
    for c in range(len(items)):
        item = items[c]
        total = np.float32(0.0)
        if item < known:
            for p in range(np.uint64(indptr[item]), np.uint64(indptr[item + 1])):
                total += lifts[np.uint32(values[p])]
        into[c] = total
