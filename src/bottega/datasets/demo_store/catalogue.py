"""The demo shop's products, as arrays: every design's department, style, colours, price, popularity and days.

Shapes   I designs (a design may have variants), R rows (one product each).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bottega.datasets.demo_store.brands import BRANDS
from bottega.datasets.demo_store.departments import DEPARTMENTS
from bottega.datasets.demo_store.styles import COLOURS, MOTIFS, PATTERNS, STYLES
from bottega.names import FloatArray, IntArray, LongArray

__all__ = ["COLOUR_NAMES", "DAYS", "GENDERS", "NEVER", "DemoCatalogue", "design_catalogue"]

DAYS = 120
"""Days that the simulation covers."""
NEVER = 10_000.0
"""A day that does not come."""
GENDERS = ("", "women", "men", "unisex")
COLOUR_NAMES = tuple(COLOURS)
_Table = list[tuple[tuple[int, ...], tuple[float, ...]]]
_COLOUR_CODE = {name: i for i, name in enumerate(COLOUR_NAMES)}
_PATTERN_CODE = {name: i for i, name in enumerate(PATTERNS)}
_MOTIF_CODE = {name: i for i, name in enumerate(MOTIFS)}


@dataclass(frozen=True, slots=True)
class DemoCatalogue:
    """Columns [I], in order of design number; `offsets` [I + 1]: design i owns rows offsets[i] to offsets[i + 1]."""

    department: IntArray
    style: IntArray
    colours: IntArray
    """[I, 3]: main, second and accent colour."""
    pattern: IntArray
    motif: IntArray
    material: IntArray
    brand: IntArray
    gender: IntArray
    options: IntArray
    """[I, O]: a large number for each option of the department, to be taken modulo its choices."""
    price_minor: IntArray
    popularity: FloatArray
    """Exposure weight: a Zipf-like share within the department."""
    launch_day: FloatArray
    sold_out_day: FloatArray
    hidden: IntArray
    offsets: LongArray

    def __len__(self) -> int:
        return len(self.department)

    @property
    def n_rows(self) -> int:
        return int(self.offsets[-1])

    def price_rank(self) -> FloatArray:
        """Place of each price within its department, 0 (cheapest) to 1."""
        order = np.lexsort((self.price_minor, self.department))
        start = np.searchsorted(self.department[order], np.arange(len(DEPARTMENTS)))
        size = np.bincount(self.department, minlength=len(DEPARTMENTS))
        rank = np.empty(len(self), dtype=np.float32)
        rank[order] = np.arange(len(self)) - start[self.department[order]]
        return (rank / np.maximum(size[self.department] - 1, 1)).astype(np.float32)


def _pick(table: _Table, row: IntArray, rng: np.random.Generator) -> IntArray:
    """A value for each entry of `row`, from that row of a table of (values, weights)."""
    out = np.zeros(len(row), dtype=np.int32)
    for code, (values, weights) in enumerate(table):
        where = np.flatnonzero(row == code)
        if len(where):
            share = np.asarray(weights, dtype=np.float64)
            out[where] = rng.choice(np.asarray(values), len(where), p=share / share.sum())
    return out


def _colours(department: IntArray, style: IntArray, rng: np.random.Generator) -> IntArray:
    """Three different colours of the style; the main one as the department allows."""
    n = len(style)
    palettes = [np.array([_COLOUR_CODE[c] for c in s.colours]) for s in STYLES]
    order = np.argsort(rng.random((n, max(map(len, palettes)))), axis=1)
    colours = np.zeros((n, 3), dtype=np.int32)
    for code, palette in enumerate(palettes):
        where = np.flatnonzero(style == code)
        ranked = order[where]
        ranked = ranked[ranked < len(palette)].reshape(len(where), len(palette))
        colours[where] = palette[ranked[:, :3]]
    for code, d in enumerate(DEPARTMENTS):
        if d.colours:
            where = np.flatnonzero(department == code)
            colours[where, 0] = rng.choice([_COLOUR_CODE[c] for c in d.colours], len(where))
            same = where[colours[where, 0] == colours[where, 1]]
            colours[same, 1] = colours[same, 2]
    return colours


def _patterns(department: IntArray, style: IntArray, rng: np.random.Generator) -> IntArray:
    """A pattern of the style that the department comes in; plain where they share none."""
    table = []
    for d in DEPARTMENTS:
        for s in STYLES:
            allowed = [(p, w) for p, w in s.patterns if not d.patterns or p in d.patterns] or [("plain", 1)]
            table.append((tuple(_PATTERN_CODE[p] for p, _ in allowed), tuple(float(w) for _, w in allowed)))
    return _pick(table, department * len(STYLES) + style, rng)


def _brands(department: IntArray, style: IntArray, rng: np.random.Generator) -> IntArray:
    """A brand of the department's family, six times likelier when the style is its own."""
    table: _Table = []
    for d in DEPARTMENTS:
        makers = tuple(i for i, brand in enumerate(BRANDS) if brand.family == d.family)
        table.extend((makers, tuple(6.0 if s.name in BRANDS[i].styles else 0.4 for i in makers)) for s in STYLES)
    return _pick(table, department * len(STYLES) + style, rng)


def _sizes(department: IntArray, products: int, rng: np.random.Generator) -> LongArray:
    """Rows of each design: about a third of what is worn comes in sizes. Cut where `products` rows are reached."""
    sizes = np.array([len(d.sizes) for d in DEPARTMENTS])[department]
    rows = np.where((sizes > 0) & (rng.random(len(department)) < 0.33), sizes, 1)
    ends = np.cumsum(rows)
    last = int(np.searchsorted(ends, products))
    ends = ends[: last + 1]
    ends[-1] = products
    return np.concatenate([[0], ends]).astype(np.int64)


def design_catalogue(products: int, rng: np.random.Generator) -> DemoCatalogue:
    """Design exactly `products` product rows, variants included."""
    weights = np.array([d.weight for d in DEPARTMENTS])
    department = rng.permutation(
        np.concatenate([np.arange(len(DEPARTMENTS)), rng.choice(len(DEPARTMENTS), products, p=weights / weights.sum())])
    ).astype(np.int32)[:products]
    offsets = _sizes(department, products, rng)
    n = len(offsets) - 1
    department = department[:n]
    style = rng.integers(0, len(STYLES), n, dtype=np.int32)
    brand = _brands(department, style, rng)
    low, high = (np.array([d.price_minor[i] for d in DEPARTMENTS])[department] for i in (0, 1))
    tier = np.array([b.tier for b in BRANDS])[brand]
    price = low * (high / low) ** rng.beta(1.6, 2.2, n) * tier
    step = np.where(price < 1500, 50, np.where(price < 10000, 100, 500))
    price_minor = (np.round(price / step) * step - np.where(price < 10000, 10, 100)).astype(np.int32)
    gender_codes = [tuple(GENDERS.index(g) for g in d.genders) for d in DEPARTMENTS]
    launch = np.where(rng.random(n) < 0.3, rng.uniform(0, DAYS - 8, n), -1.0)
    hidden = rng.random(n) < 0.015
    sold_out = np.where(rng.random(n) < 0.045, rng.uniform(DAYS * 0.5, DAYS, n), NEVER)
    return DemoCatalogue(
        department=department,
        style=style,
        colours=_colours(department, style, rng),
        pattern=_patterns(department, style, rng),
        motif=_pick([(tuple(_MOTIF_CODE[m] for m in s.motifs), (1.0,) * len(s.motifs)) for s in STYLES], style, rng),
        material=_pick(
            [(tuple(range(len(d.materials))), (1.0,) * len(d.materials)) for d in DEPARTMENTS], department, rng
        ),
        brand=brand,
        gender=_pick([(codes, (1.0,) * len(codes)) for codes in gender_codes], department, rng),
        options=rng.integers(0, 720_720, (n, 5), dtype=np.int32),
        price_minor=price_minor,
        popularity=rng.pareto(1.6, n).astype(np.float32) + 0.35,
        launch_day=np.where(hidden, NEVER, launch).astype(np.float32),
        sold_out_day=np.where(hidden, NEVER, sold_out).astype(np.float32),
        hidden=hidden.astype(np.int32),
        offsets=offsets,
    )
