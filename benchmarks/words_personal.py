"""Personal descriptions: does a text begin with what the shopper's later events show they prefer; words_personal.md.

    python benchmarks/words_personal.py [--sets demo,office,beauty] [--shoppers N] [--half a|b] [--letters] [--json]

Every shopper's events are cut: the first three fifths are known, the next product is described, and those behind it
judge. `prefers`: of the described product's facts the one that stands out most in those later products (in two of them,
and 1.5 times as often as in the shop); shoppers without one are not asked about. `first`: that fact is the first of the
short text beside what the thing is called, alone or in one list with others; `very first`: no other of the list stands
before it; `said`: the short text says it. `stranger`: the same with another shopper's
past, so that what any other order would bring is seen. The affinity is trained on known events alone. The choices were
tuned on half a (every second shopper); half b judges. `--letters`: the line of a letter about the product in the
place of the short text, as letters write it, each letter with a seed of its own.

demo: the demo shop's products and simulated shoppers. office: real sequences of reviews; attributes are the facts of
the titles, for the data hold no others. beauty: real sequences of reviews; attributes are bare codes of categories and
brands, behind a label.
"""

from __future__ import annotations

import argparse
import gzip
import json
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bottega.actions.recommend.shapes import TrainRequest
from bottega.actions.recommend.train import train
from bottega.actions.wording.proving import proved_text
from bottega.catalogue.product import Product
from bottega.datasets.demo_store.write import write_demo_shop
from bottega.evaluation.intervals import difference, interval
from bottega.events.event import Event
from bottega.models.wording.derivation import merchants_own
from bottega.models.wording.facts import FactSheet
from bottega.models.wording.known import known
from bottega.models.wording.leading import CALLED
from bottega.models.wording.letter_words import proved_line
from bottega.models.wording.text import Text, TextKind
from bottega.models.wording.verify import verify
from bottega.models.wording.writer import ListingWriter
from bottega.names import EventKind, KindCode
from bottega.shop.folder import ShopFolder
from bottega.shop.leanings import NO_TASTE, Leanings
from bottega.shop.listings.listing_facts import TitleWords, facts_of, listing_of, title_words
from bottega.shop.open_shop import OpenShop
from common import DATA

KNOWN, LATER_FEWEST, LATER_MOST = 0.6, 3, 10
TWICE, TIMES = 2, 1.5
"""In so many later products, and so many times as usual, before a value is called preferred."""
DAY_MS = 86_400_000
START_MS = 1_700_000_000_000


@dataclass(frozen=True)
class Asked:
    """One question: who, which product is described, and what they did before and after."""

    shopper: str
    known: Sequence[str]
    product: str
    later: Sequence[str]


Happened = dict[str, list[tuple[str, EventKind]]]
"""Shopper -> product and kind of each event, oldest first."""


def fact_id(fact: Any) -> tuple[str, str]:
    """What two facts of different products have in common."""
    return fact.key, fact.concept or " ".join(fact.value.split()).casefold()


def demo(folder: Path) -> tuple[list[Product], Happened]:
    """The demo shop as its makers write it, without pictures."""
    from bottega.actions.intake.import_catalogue import import_catalogue
    from bottega.actions.intake.import_events import import_events
    from bottega.actions.intake.shapes import ImportCatalogueRequest, ImportEventsRequest

    files = write_demo_shop(folder / "feed", pictures=False)
    with OpenShop(ShopFolder.open(folder / "whole")) as shop:
        import_catalogue(shop, ImportCatalogueRequest(source=files.catalogue))
        import_events(shop, ImportEventsRequest(source=files.events))
        products = [one for chunk in shop.store.products.iterate() for one in chunk]
        rows = shop.store.events.frame().sort("shopper", "time_ms", "product_id", "kind")
    happened: Happened = {}
    for shopper, product, kind in rows.select("shopper", "product_id", "kind").iter_rows():
        if product is not None:
            happened.setdefault(shopper, []).append((product, KindCode(int(kind)).kind))
    return products, happened


def office(folder: Path) -> tuple[list[Product], Happened]:
    """Titles' facts as attributes: brand, colour, material, size and so on."""
    with gzip.open(DATA / "office" / "products.jsonl.gz", "rt") as file:
        bare = [Product(id=row["id"], title=row["title"]) for row in map(json.loads, file)]
    words = TitleWords.of(bare)
    products = []
    for product in bare:
        attributes: dict[str, list[str]] = {}
        brand = ""
        for fact in known(listing_of(product, words)).claimed:
            if fact.key == "brand":
                brand = fact.value
            elif fact.key == "kind" or fact.key not in NO_TASTE:
                attributes.setdefault(fact.key, []).append(fact.whole)
        said = {name: tuple(values) for name, values in attributes.items()}
        products.append(product.model_copy(update={"attributes": said, "brand": brand or None}))
    with gzip.open(DATA / "office" / "sequences.txt.gz", "rt") as file:
        lines = [line.split() for line in file]
    return products, {name: [(one, EventKind.PURCHASE) for one in rest] for name, *rest in lines}


def beauty(folder: Path) -> tuple[list[Product], Happened]:
    """Bare codes as the values of one attribute."""
    with gzip.open(DATA / "amazon" / "Beauty_item2attributes.json.gz", "rt") as file:
        coded = json.load(file)
    products = [
        Product(id=one, title=f"Item {one}", attributes={"trait": tuple(f"t{code}" for code in codes)})
        for one, codes in coded.items()
    ]
    with gzip.open(DATA / "amazon" / "Beauty.txt.gz", "rt") as file:
        lines = [line.split() for line in file]
    return products, {name: [(one, EventKind.PURCHASE) for one in rest] for name, *rest in lines}


SETS = {"demo": demo, "office": office, "beauty": beauty}


def cut(happened: Happened, item_of: dict[str, str]) -> tuple[list[Asked], Happened]:
    """Questions, and the events that are known."""
    questions: list[Asked] = []
    before: Happened = {}
    for shopper in sorted(happened):
        events = happened[shopper]
        end = int(KNOWN * len(events))
        before[shopper] = events[:end]
        behind = [one for one, _ in events[end:] if one in item_of]
        if end < 2 or not behind:
            continue
        product, seen = behind[0], {item_of[behind[0]]}
        later = []
        for one in behind[1:]:
            if item_of[one] not in seen:
                seen.add(item_of[one])
                later.append(one)
        if len(later) >= LATER_FEWEST:
            questions.append(Asked(shopper, [one for one, _ in events[:end]], product, later[:LATER_MOST]))
    return questions, before


def preferred(asked: Asked, sheets: dict[str, FactSheet], share: Counter[tuple[str, str]]) -> tuple[str, str] | None:
    """What of the described product stands out in what they turned to later; None where nothing does."""
    later = Counter(one for name in asked.later for one in {fact_id(fact) for fact in sheets[name].claimed})
    found = []
    for fact in sheets[asked.product].claimed:
        one = fact_id(fact)
        usual = share[one] / len(sheets)
        if fact.key not in NO_TASTE and later[one] >= TWICE:
            found.append((later[one] / len(asked.later) / usual, one))
    best = max(found, default=None)
    return best[1] if best and best[0] >= TIMES else None


def said(text: Text, sheet: FactSheet, wanted: tuple[str, str]) -> tuple[float, float, float]:
    """Whether a fact is among the first that a text says, whether it says it, whether it is the very first value."""
    ids = {fact.name: fact_id(fact) for fact in sheet.claimed}
    slots = [slot for sentence in text.sentences for slot in sentence.slots if slot.facts]
    first = [ids.get(name) for slot in [one for one in slots if one.key not in CALLED][:1] for name in slot.facts]
    every = {ids.get(name) for slot in slots for name in slot.facts}
    return float(wanted in first), float(wanted in every), float(first[:1] == [wanted])


def shown(text: Text, sheet: FactSheet) -> Text:
    """What the proof leaves of a text, as every door shows it; the merchant's title where nothing is left."""
    return proved_text(text, sheet, []) or merchants_own(sheet, text.kind, text.language)


def opened(folder: Path, products: list[Product], before: Happened) -> OpenShop:
    """A shop with these products and known events, and the affinity trained on them."""
    shop = OpenShop(ShopFolder.open(folder))
    shop.upsert(products)
    events = (
        Event(shopper_id=shopper, product_id=product, kind=kind, time_ms=START_MS + place * DAY_MS)
        for shopper, rows in before.items()
        for place, (product, kind) in enumerate(rows)
    )
    batch: list[Event] = []
    for event in events:
        batch.append(event)
        if len(batch) == 20_000:
            shop.record(batch)
            batch = []
    shop.record(batch)
    train(shop, TrainRequest(model="affinity", seed=0))
    return shop


def judged(name: str, folder: Path, most: int, half: str, letters: bool) -> dict[str, Any]:
    products, happened = SETS[name](folder)
    item_of = {one.id: one.group_id or one.id for one in products}
    questions, before = cut(happened, item_of)
    with opened(folder / "known", products, before) as shop:
        words = title_words(shop.folder)
        sheets: dict[str, FactSheet] = {}
        for start in range(0, len(products), 500):
            sheets.update(facts_of(shop.store, products[start : start + 500], words))
        share = Counter(one for sheet in sheets.values() for one in {fact_id(fact) for fact in sheet.claimed})
        writer = ListingWriter(words.language)
        asked = [(one, wanted) for one in questions if (wanted := preferred(one, sheets, share))]
        asked = asked[{"a": 0, "b": 1}[half] :: 2]
        asked = [asked[int(place)] for place in np.linspace(0, len(asked) - 1, min(most, len(asked)))]
        judge = letter_figures if letters else figures
        return {"set": name, "half": half} | judge(shop, writer, asked, sheets, words.language)


def letter_figures(
    shop: OpenShop,
    writer: ListingWriter,
    asked: list[tuple[Asked, tuple[str, str]]],
    sheets: dict[str, FactSheet],
    language: str,
) -> dict[str, Any]:
    """The same of the lines that letters say about the products."""
    rows: dict[str, list[tuple[float, ...]]] = {"everybody": [], "personal": [], "stranger": []}
    led = unproved = empty = anybodys = 0
    for place, (one, wanted) in enumerate(asked):
        sheet = sheets[one.product]
        others = asked[(place + 1) % len(asked)][0].shopper
        for kind, shopper in (("everybody", None), ("personal", one.shopper), ("stranger", others)):
            names: list[str] = []
            if shopper is not None:
                with shop.floor() as floor:
                    names = [each.fact.name for each in Leanings(floor, shopper, language).of(sheet)]
            line = proved_line(writer, sheet, seed=place, first=names)
            rows[kind].append((0.0, 0.0, 0.0) if line is None else said(line, sheet, wanted))
            if kind == "personal":
                led += bool(names)
                empty += line is None
                unproved += line is not None and not verify(line.text, sheet, language).proved
                anybodys += bool(names) and line == proved_line(writer, sheet, seed=place)
    return {
        "asked": len(asked),
        "with_a_choice": round(led / len(asked), 3),
        **compared(rows),
        "lines_shown_unproved": unproved,
        "letters_without_a_line": empty,
        "choices_that_changed_no_line": anybodys,
    }


def figures(
    shop: OpenShop,
    writer: ListingWriter,
    asked: list[tuple[Asked, tuple[str, str]]],
    sheets: dict[str, FactSheet],
    language: str,
) -> dict[str, Any]:
    rows: dict[str, list[tuple[float, ...]]] = {"everybody": [], "personal": [], "stranger": []}
    led, missing, unproved, refused, more_ms = 0, 0, 0, 0, []
    for place, (one, wanted) in enumerate(asked):
        sheet = sheets[one.product]
        started = time.process_time()
        plain = writer.text(sheet, TextKind.SHORT)
        plain_ms = 1000 * (time.process_time() - started)
        rows["everybody"].append(said(shown(plain, sheet), sheet, wanted))
        for kind, shopper in (("personal", one.shopper), ("stranger", asked[(place + 1) % len(asked)][0].shopper)):
            started = time.process_time()
            with shop.floor() as floor:
                first = [each.fact.name for each in Leanings(floor, shopper, language).of(sheet)]
            text = writer.text(sheet, TextKind.SHORT, first=first)
            if kind == "personal":
                more_ms.append(1000 * (time.process_time() - started) - plain_ms)
                led += bool(first)
                own, everybodys = (writer.text(sheet, TextKind.DESCRIPTION, first=each) for each in (first, ()))
                called = {fact.name for fact in sheet.claimed if fact.key in CALLED}
                missing += len({fact.name for fact in everybodys.facts} - called - {fact.name for fact in own.facts})
                for made in (text, own):
                    kept = proved_text(made, sheet, [])
                    unproved += kept is not None and not verify(kept.text, sheet, language).proved
                    refused += kept is None or kept.text != made.text
            rows[kind].append(said(shown(text, sheet), sheet, wanted))
    return {
        "asked": len(asked),
        "with_a_choice": round(led / len(asked), 3),
        **compared(rows),
        "texts": 2 * len(asked),
        "cut_by_the_proof": refused,
        "shown_unproved": unproved,
        "facts_missing": missing,
        "more_ms_p50": round(float(np.median(more_ms)), 2),
        "more_ms_p95": round(float(np.quantile(more_ms, 0.95)), 2),
    }


def compared(rows: dict[str, list[tuple[float, ...]]]) -> dict[str, Any]:
    """How often the fact is first and said, and by how much more than in everybody's and in a stranger's text."""
    found: dict[str, Any] = {}
    rng = np.random.default_rng(0)
    for column, what in enumerate(("first", "said", "very_first")):
        values = {kind: np.array([row[column] for row in each]) for kind, each in rows.items()}
        for kind, each in values.items():
            found[f"{what}_{kind}"] = round(interval(each, rng).mean, 3)
        for other in ("everybody", "stranger"):
            gap = difference(values["personal"], values[other], rng)
            found[f"{what}_gap_{other}"] = [round(gap.mean, 3), round(gap.low, 3), round(gap.high, 3)]
    return found


def rows_of(found: dict[str, Any]) -> Iterator[str]:
    for name, value in found.items():
        shown = "{} ({} to {})".format(*value) if isinstance(value, list) else value
        yield f"{name.replace('_', ' ')} | {shown}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sets", default="demo,office,beauty")
    parser.add_argument("--shoppers", type=int, default=400)
    parser.add_argument("--half", choices=("a", "b"), default="b")
    parser.add_argument("--letters", action="store_true", help="judge the lines of letters")
    parser.add_argument("--json", action="store_true", help="one object a set")
    chosen = parser.parse_args()
    for name in chosen.sets.split(","):
        with tempfile.TemporaryDirectory() as folder:
            found = judged(name, Path(folder), chosen.shoppers, chosen.half, chosen.letters)
        print(json.dumps(found) if chosen.json else "\n".join(rows_of(found)) + "\n", flush=True)


if __name__ == "__main__":
    main()
