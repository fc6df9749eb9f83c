"""Frames mined from real listings: how many, how many texts use one, and whether the proof takes every one of these.

    python benchmarks/words_mined.py [--json] [--show N]

Listings are split in two, whole clusters of like titles and of descriptions built alike on one side. Frames are mined
on one half, from all its listings, or where a set holds views from those that did better than their like; texts are
written for the other half, with these frames and without. `--show` prints N of them that use a mined frame. Shops' own
attributes are few in these sets: nearly every fact is read off the title.
"""

from __future__ import annotations

import argparse
import ast
import csv
import gzip
import html
import json
import random
import re
from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np

from bottega.catalogue.product import Product
from bottega.languages.fold import tokens
from bottega.models.wording.derivation import mended
from bottega.models.wording.facts import FactSheet
from bottega.models.wording.known import known
from bottega.models.wording.mined_frames import MinedFrames, mine
from bottega.models.wording.success import ListingOutcome, alike, built_alike, did_better
from bottega.models.wording.text import Text, TextKind
from bottega.models.wording.writer import ListingWriter
from bottega.shop.listings.listing_facts import TitleWords, listing_of
from common import DATA

LISTINGS_MOST = 4_000
TRIED_ON = 400
SAMENESS_OF = 500
_DAY_S = 86_400
_LINE = re.compile(r"^(?:- |  )(\w+): (.*)$")


def myntra() -> tuple[list[Product], list[ListingOutcome]]:
    """Fashion with brand, gender, colour and a description; nothing tells which sold."""
    found = []
    with gzip.open(DATA / "texts/myntra.csv.gz", "rt", newline="") as file:
        for row in csv.DictReader(file):
            given = {"gender": row["Gender"], "colour": (row["PrimaryColor"] or "").strip()}
            found.append(
                Product(
                    id=row["ProductID"],
                    title=row["ProductName"],
                    brand=row["ProductBrand"],
                    # Paragraphs were glued when the file was made: a capital right behind a small letter begins one.
                    description=re.sub(r"(?<=[a-z])(?=[A-Z][a-z])", "\n", row["Description"]),
                    attributes={name: (value,) for name, value in given.items() if value},
                )
            )
    return found, []


def demo_products() -> tuple[list[Product], list[ListingOutcome]]:
    """A demonstration shop of every kind of thing, with a description; nothing tells which sold."""
    found: list[Product] = []
    row: dict[str, str] = {}
    last = ""
    for line in [*(DATA / "texts/demo_products.yaml").read_text().splitlines(), "- id: end"]:
        match = _LINE.match(line)
        if match is None:
            row[last] = f"{row.get(last, '')} {line.strip()}"
            continue
        if match[1] == "id" and row:
            people = {"F": ("Women",), "M": ("Men",)}.get(row.get("gender_affinity", ""), ())
            found.append(
                Product(
                    id=row["id"],
                    title=row["name"].strip("'\""),
                    category=(row["category"], row["style"]),
                    description=row.get("description", "").strip("'\""),
                    attributes={"gender": people} if people else {},
                )
            )
            row = {}
        last = match[1]
        row[last] = match[2]
    return found, []


def etsy() -> tuple[list[Product], list[ListingOutcome]]:
    """Handmade goods with materials, a description, and views a day."""
    found, rates = [], []
    with gzip.open(DATA / "texts/etsy.csv.gz", "rt", newline="") as file:
        rows = list(csv.DictReader(file))
    now = max(int(row["creation_tsz"]) for row in rows)
    clusters = built_alike([html.unescape(row["description"] or "") for row in rows])
    for place, row in enumerate(rows):
        try:
            made_of = tuple(ast.literal_eval(row["materials"] or "[]"))
        except (ValueError, SyntaxError):
            made_of = ()
        name = f"etsy-{place}"
        found.append(
            Product(
                id=name,
                title=html.unescape(row["title"]),
                description=html.unescape(row["description"] or ""),
                attributes={"materials": made_of} if made_of else {},
            )
        )
        days = max((now - int(row["original_creation_tsz"])) / _DAY_S, 14.0)
        rate = (float(row["views"]) + 0.5) / days
        rates.append(ListingOutcome(name, {}, rate, days, row["taxonomy_id"], float(row["price"]), clusters[place]))
    return found, rates


SETS: dict[str, Callable[[], tuple[list[Product], list[ListingOutcome]]]] = {
    "myntra": myntra,
    "demo_products": demo_products,
    "etsy": etsy,
}


def halves(products: Sequence[Product], seed: int = 7) -> tuple[list[Product], list[Product]]:
    """Two halves; titles alike and descriptions built alike are never on both sides."""
    titles = alike([frozenset(tokens(one.title)) for one in products])
    stories = built_alike([one.description for one in products])
    root = list(range(len(products)))

    def top(place: int) -> int:
        while root[place] != place:
            root[place] = root[root[place]]
            place = root[place]
        return place

    for clusters in (titles, stories):
        first: dict[int, int] = {}
        for place, cluster in enumerate(clusters):
            root[top(place)] = top(first.setdefault(cluster, place))
    sizes = Counter(top(place) for place in range(len(products)))
    order = sorted(sizes)
    random.Random(seed).shuffle(order)
    side_of: dict[int, int] = {}
    held = [0, 0]
    for one in sorted(order, key=lambda one: -sizes[one]):  # the largest first, each to the smaller side
        side_of[one] = int(held[1] < held[0])
        held[side_of[one]] += sizes[one]
    split: tuple[list[Product], list[Product]] = [], []
    for place, product in enumerate(products):
        split[side_of[top(place)]].append(product)
    return split


def sameness(texts: Sequence[Text]) -> float:
    """Share of texts that begin with another's first five words."""
    starts = [tuple(text.text.casefold().split()[:5]) for text in texts[:SAMENESS_OF]]
    counts = Counter(starts)
    return sum(counts[start] > 1 for start in starts) / max(1, len(starts))


def written(sheets: Sequence[FactSheet], writer: ListingWriter) -> tuple[list[Text], int]:
    """Descriptions, and how many claims of them the proof refuses."""
    texts = [writer.text(sheet, TextKind.DESCRIPTION) for sheet in sheets]
    return texts, sum(len(mended(text, sheet)[1]) for text, sheet in zip(texts, sheets, strict=True))


def measured(name: str) -> tuple[dict[str, object], MinedFrames, list[Text]]:
    """Of one set: the figures, the frames, and the texts that use one."""
    products, outcomes = SETS[name]()
    products = random.Random(3).sample(products, min(LISTINGS_MOST, len(products)))
    words = TitleWords.of(products)
    learnt_on, other = halves(products)
    ids = {one.id for one in learnt_on}
    if outcomes:
        inside = [one for one in outcomes if one.id in ids]
        best, _ = did_better(inside, rng=np.random.default_rng(0))
        by_id = {one.id: one for one in learnt_on}
        sources = [by_id[one] for one in best]
    else:
        sources = learnt_on
    sheets = {one.id: known(listing_of(one, words)) for one in products}
    tried_on = random.Random(5).sample(learnt_on, min(TRIED_ON, len(learnt_on)))
    found = mine(
        [(sheets[one.id], one.description) for one in sources], [sheets[one.id] for one in tried_on], words.language
    )
    asked = [sheets[one.id] for one in other]
    plain, refused_plain = written(asked, ListingWriter(words.language))
    mined, refused_mined = written(asked, ListingWriter(words.language, learnt=found.used(words.language)))
    names = {one.id for one in found.frames}
    using = [text for text in mined if names & set(text.frames)]
    figures: dict[str, object] = {
        "set": name,
        "mined_on": len(sources),
        "written_for": len(asked),
        "sentences_read": found.sentences,
        "frames": len(found.frames),
        "refused_patterns": dict(found.refused or {}),
        "texts_with_one": round(len(using) / max(1, len(mined)), 3),
        "claims_refused": refused_mined,
        "claims_refused_without": refused_plain,
        "same_start": round(sameness(mined), 3),
        "same_start_without": round(sameness(plain), 3),
        "distinct_frames": len({frame for text in mined for frame in text.frames}),
        "distinct_frames_without": len({frame for text in plain for frame in text.frames}),
    }
    return figures, found, using


def main() -> None:
    """Print a line for each set, its frames below it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--show", type=int, default=0)
    given = parser.parse_args()
    for name in SETS:
        figures, found, using = measured(name)
        if given.json:
            print(json.dumps(figures))
        else:
            print(", ".join(f"{key} {value}" for key, value in figures.items()))
            for one in found.frames:
                print(f"    {one.support:4} listings, {one.groups:3} things, {one.roles:12} {one.pattern}")
        for text in random.Random(1).sample(using, min(given.show, len(using))):
            print(f"  {text.subject}: {text.text}")


if __name__ == "__main__":
    main()
