"""People's listings as plans: four public sets, read by the house, their clusters whole on one side of a split."""

from __future__ import annotations

import csv
import gzip
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from html import unescape

from bottega.catalogue.product import Product
from bottega.languages.fold import tokens
from bottega.languages.writing import concepts_named
from bottega.models.wording.planning.plans import PlanRole
from bottega.models.wording.planning.reading import ReadListing, read_listing
from bottega.models.wording.success import built_alike
from bottega.shop.listings.listing_facts import TitleWords, listing_of
from common import DATA
from words_data import products_of

__all__ = ["SOURCES", "PlanRow", "plan_rows", "reading_figures"]

SOURCES = ("fashion", "myntra", "etsy", "demo_products")
CLUSTERS_MOST = 1_000
"""Of one set: titles of fashion would outnumber all others."""
OF_A_CLUSTER = 4
PARTS = ("learnt", "chosen by", "judge", "held out")
"""What rows are for: learning; choosing when to stop; the judge's n-grams; the products that are asked about."""
SHARES = (0.6, 0.1, 0.15, 0.15)
_ITEM = re.compile(r"^- id: (.*)$", re.MULTILINE)
_FIELD = re.compile(r"^  (\w+): ((?:.*\n)(?:    .*\n)*)", re.MULTILINE)


@dataclass(frozen=True)
class PlanRow:
    """One listing, read."""

    source: str
    cluster: int
    part: str
    read: ReadListing


def plan_rows(seed: int = 14, few: int = 0) -> list[PlanRow]:
    """All of them, split by clusters. `few`: clusters of each set, where not all are wanted."""
    rows, first = [], 0
    for source in SOURCES:
        products = list(_products(source))
        clusters = _clusters(products)
        places: dict[int, list[int]] = defaultdict(list)
        for place, cluster in enumerate(clusters):
            places[cluster].append(place)
        draw = random.Random(seed)
        chosen = draw.sample(sorted(places), min(few or CLUSTERS_MOST, len(places)))
        parts = draw.choices(PARTS, SHARES, k=len(chosen))
        words = TitleWords.of(products)
        for cluster, part in zip(chosen, parts, strict=True):
            for place in draw.sample(places[cluster], min(OF_A_CLUSTER, len(places[cluster]))):
                listing = replace(listing_of(products[place], words), language="en")
                rows.append(PlanRow(source, first + cluster, part, read_listing(listing)))
        first += len(places)
    return rows


def reading_figures(rows: Sequence[PlanRow], source: str, role: PlanRole) -> dict[str, float]:
    """How much of the texts of one set was read."""
    heard = [row.read.heard[role] for row in rows if row.source == source and row.read.heard[role].sentences]
    total: Counter[str] = Counter()
    for one in heard:
        total.update(sentences=one.sentences, read=one.sentences_read, words=one.words, known=one.words_read)
    return {
        "texts": len(heard),
        "sentences": total["sentences"],
        "sentences with a fact read": total["read"] / max(1, total["sentences"]),
        "words read": total["known"] / max(1, total["words"]),
        "facts a text": sum(len(one.said) for one in heard) / max(1, len(heard)),
    }


def _products(source: str) -> Iterator[Product]:
    if source == "fashion":
        yield from products_of("fashion")
    elif source == "myntra":
        yield from _myntra()
    elif source == "etsy":
        with gzip.open(DATA / "texts" / "etsy.csv.gz", "rt", newline="") as file:
            texts = [unescape(row["description"] or "") for row in csv.DictReader(file)]
        for product, text in zip(products_of("etsy"), texts, strict=True):
            yield product.model_copy(update={"description": text})
    else:
        texts_of = dict(_demo_descriptions())
        for product in products_of("demo_products"):
            yield product.model_copy(update={"description": texts_of.get(product.id, "")})


def _myntra() -> Iterator[Product]:
    with gzip.open(DATA / "texts" / "myntra.csv.gz", "rt", newline="") as file:
        for place, row in enumerate(csv.DictReader(file)):
            said = {"gender": row["Gender"].strip(), "colour": (row["PrimaryColor"] or "").strip()}
            yield Product(
                id=f"myntra-{place}",
                title=unescape(row["ProductName"]),
                description=unescape(row["Description"] or ""),
                brand=row["ProductBrand"].strip() or None,
                attributes={name: (value,) for name, value in said.items() if value},
            )


def _demo_descriptions() -> Iterator[tuple[str, str]]:
    text = (DATA / "texts" / "demo_products.yaml").read_text(encoding="utf-8")
    starts = [*_ITEM.finditer(text)]
    for match, end in zip(starts, [*(one.start() for one in starts[1:]), len(text)], strict=True):
        for name, value in _FIELD.findall(text[match.end() + 1 : end]):
            if name == "description":
                yield match[1].strip("'\""), " ".join(value.split()).strip("'\"").replace("''", "'")


def _clusters(products: Sequence[Product]) -> list[int]:
    """Numbers of clusters: listings whose titles are one without colours and numbers, or of one boilerplate."""
    above: dict[object, object] = {}

    def top(one: object) -> object:
        while above.setdefault(one, one) != one:
            one = above[one]
        return one

    alike = built_alike([product.description for product in products])
    for place, (product, cluster) in enumerate(zip(products, alike, strict=True)):
        above[top(place)] = top(("title", _bare(product.title)))
        if product.description:
            above[top(place)] = top(("built", cluster))
            above[top(place)] = top(("text", _bare(product.description)))
    numbers: dict[object, int] = {}
    return [numbers.setdefault(top(place), len(numbers)) for place in range(len(products))]


def _bare(text: str) -> tuple[str, ...]:
    """Its words without colours and numbers."""
    return tuple(word for word in tokens(text) if word.isalpha() and not _is_colour(word))


def _is_colour(word: str) -> bool:
    return any(one.startswith("colour.") for one in concepts_named((word,), "en"))
