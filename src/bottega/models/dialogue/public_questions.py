"""Real shoppers' questions with passages of listings, and which of them answer; read from their files, never kept here.

Data     product_questions.csv.gz: each question with candidates from the listing, reviews and other shoppers, labelled
         2 (answers), 1 (in part), 0. answers_from_evidence.csv.gz: each question with the passage that its answer was
         written from; all other passages of the product are taken not to answer (some do, and nobody said so).
         Both amazon-science/contextual-product-qa, CDLA-Sharing-1.0: what is computed from them is free. English.
Halves   By a hash of the product's number: `a` to learn from and look at, `b` to judge on.
"""

from __future__ import annotations

import csv
import gzip
import re
import zlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

__all__ = ["AskedPublicly", "PublicPassage", "asked_publicly", "asked_with_evidence", "half_of"]

LISTED = frozenset({"attribute", "bullet", "description", "Desc", "OSP"})
"""Sources that are a listing; reviews and answers of other shoppers are none."""
_BRACES = re.compile(r"\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}")
_SIDES = re.compile(r"(length|width|height):\s?\{([^{}]*(?:\{[^{}]*\}[^{}]*)*)\}")
_FIELD = re.compile(r"(\w+):\s?(?:\"([^\"]*)\"|([^,{}]+))")
_ROW = 5
"""Cells of a row that is whole."""


@dataclass(frozen=True, slots=True)
class PublicPassage:
    """One passage, or one attribute with its value."""

    kind: str
    """`attribute`, `bullet` or `description`."""
    name: str
    """Of an attribute."""
    text: str
    label: int
    """2: answers, 1: in part, 0: not."""


@dataclass(frozen=True, slots=True)
class AskedPublicly:
    """A question about a product."""

    number: str
    product_id: str
    title: str
    """Empty where the file has none."""
    question: str
    listed: tuple[PublicPassage, ...]


def half_of(product_id: str) -> str:
    """`a` or `b`."""
    return "ab"[zlib.crc32(product_id.encode()) % 2]


def asked_publicly(folder: Path, half: str) -> Iterator[AskedPublicly]:
    """Questions of one half with labelled candidates; those without a candidate of the listing are left out."""
    groups: dict[str, list[dict[str, str]]] = defaultdict(list)
    with gzip.open(folder / "product_questions.csv.gz", "rt", encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            groups[row["qid"]].append(row)
    for number, rows in groups.items():
        first = rows[0]
        listed = tuple(
            _evidence(row["source"], row["candidate"], int(row["label"])) for row in rows if row["source"] in LISTED
        )
        if listed and half_of(first["ASIN"]) == half:
            yield AskedPublicly(f"q{number}", first["ASIN"], first["title"], first["question"], listed)


def asked_with_evidence(folder: Path, half: str) -> Iterator[AskedPublicly]:
    """Questions of one half, each with all passages that the file has of its product; one of them answers."""
    rows = []
    with gzip.open(folder / "answers_from_evidence.csv.gz", "rt", encoding="utf-8") as stream:
        for line in stream:
            cells = [cell.strip().strip('"').replace('""', '"') for cell in line.rstrip("\n").split("\t")]
            if len(cells) == _ROW and cells[4] in LISTED and half_of(cells[0]) == half:
                rows.append((cells[0], cells[1], (cells[4], cells[2])))
    of_product: dict[str, dict[tuple[str, str], None]] = defaultdict(dict)
    for product_id, _, passage in rows:
        of_product[product_id][passage] = None
    for number, (product_id, question, passage) in enumerate(rows):
        there = tuple(_evidence(*one, 2 if one == passage else 0) for one in of_product[product_id])
        if any(one.label and one.text for one in there):
            yield AskedPublicly(f"e{number}", product_id, "", question, there)


def _evidence(source: str, text: str, label: int) -> PublicPassage:
    if source == "attribute":
        return PublicPassage("attribute", *_attribute(text), label)
    return PublicPassage("bullet" if source == "bullet" else "description", "", text, label)


def _attribute(written: str) -> tuple[str, str]:
    """An attribute as a feed would have it: name, value with its unit."""
    name, _, rest = written.partition(":")
    values = []
    for found in _BRACES.finditer(rest):
        inner = found[0][1:-1]
        if sides := _SIDES.findall(inner):
            values.append(" x ".join(_measure(side) for _, side in sides))
        elif measure := _measure(inner):
            values.append(measure)
    return name.strip(), ", ".join(values)


def _measure(inner: str) -> str:
    outer = re.sub(r"\w+:\s?\{[^{}]*\}", "", inner)
    fields = {found[1]: (found[2] or found[3] or "").strip() for found in _FIELD.finditer(outer)}
    return f"{fields.get('value', '')} {fields.get('unit', '')}".strip()
