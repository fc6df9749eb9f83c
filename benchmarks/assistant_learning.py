"""Learning words from clicks: nicknames that no listing has, planted in real catalogues; page: assistant_learning.md.

    python benchmarks/assistant_learning.py [--data FOLDER] [--sets fashion] [--seed 0] [--json]

Each nickname is a made-up word that means one value of the catalogue (a category or an attribute, of 1 to 15 of 100
products). A made-up shopper types it, alone or beside a word that the catalogue knows (half of them), and goes on to a
product: one of the value, or with `noise` any product of the catalogue. Products that are opened often are opened often
here too: they are drawn with weights 1 / (place + 10) of an order drawn once. Success: of ten products shown to a
search for the nickname, how many have the value (0 where nothing is shown). `false`: nicknames that, by clicks at
random alone, were taken to mean anything; `wrong`: nicknames whose meaning in use is none of theirs.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bottega.actions.search.learning import learn_meanings
from bottega.actions.search.meaning_shapes import LearnRequest
from bottega.actions.search.shapes import SearchRequest
from bottega.actions.search.usual_shares import UsualShares
from bottega.actions.search.words import search_text
from bottega.catalogue.product import Product
from bottega.events.event import Event
from bottega.events.times import now_ms
from bottega.languages.fold import tokens
from bottega.models.search.learnt import PRODUCT
from bottega.names import EventKind
from bottega.shop.folder import ShopFolder
from bottega.shop.open_shop import OpenShop
from common import DATA, commit
from search_queries import products_of
from watch_search import FASHION_MAP

NICKNAMES = 30
SHARES = (0.01, 0.15)
"""Of the products that have a value that is given a nickname."""
SHOPPERS = (0, 2, 4, 6, 10, 20, 40)
NOISES = (0.0, 0.2)
RANDOM_WORDS, RANDOM_SHOPPERS = 200, (10, 20, 40)
SHOWN = 10
_SYLLABLES = ("bra", "zin", "quo", "lup", "dref", "mok", "vash", "tirl", "gop", "nuz", "plix", "worb", "sket", "yag")


@dataclass(frozen=True)
class Nickname:
    """A made-up word for one value."""

    word: str
    field: str
    value: str
    rows: np.ndarray
    """Of the products that have the value."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--sets", default="fashion")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    figures: dict[str, dict[str, Any]] = {}
    for name in given.sets.split(","):
        with tempfile.TemporaryDirectory() as folder:
            figures[name] = learnt_in(Path(folder), catalogue_of(given.data, name), given.seed)
    if given.json:
        print(json.dumps(figures))
        return
    print(f"{commit()}, seed {given.seed}\n")
    for name, found in figures.items():
        print(f"{name}, {found['products']} products, {found['nicknames']} nicknames")
        print("| clicks at random | " + " | ".join(f"{n} shoppers" for n in SHOPPERS) + " |")
        print("|---|" + "---|" * len(SHOPPERS))
        for noise in NOISES:
            cells = found["success"][f"{noise:.0%}"]
            print(f"| {noise:.0%} | " + " | ".join(f"{one['success']:.2f} ({one['wrong']})" for one in cells) + " |")
        told = ", ".join(f"{n} shoppers each: {k}" for n, k in found["false"].items())
        print(f"clicks at random alone, of {RANDOM_WORDS} words meanings were taken up for: {told}\n")


def catalogue_of(data: Path, name: str) -> list[Product]:
    """The products of a set, through the importer; of the fashion table every ninth row."""
    if name != "fashion":
        return products_of(data / name / "products.jsonl.gz", None)
    with tempfile.TemporaryDirectory() as folder:
        head, *lines = (data / "fashion" / "styles.csv").read_text("utf-8").splitlines()
        feed = Path(folder) / "styles.csv"
        feed.write_text("\n".join([head, *lines[::9]]), "utf-8")
        return products_of(feed, FASHION_MAP)


def learnt_in(folder: Path, products: list[Product], seed: int) -> dict[str, Any]:
    """All figures of one catalogue; each cell of the table is learnt in words of its own, in one shop."""
    rng = np.random.default_rng(seed)
    opened = ShopFolder.open(folder / "shop")
    opened.store.products.upsert(products)
    success: dict[str, list[dict[str, float]]] = defaultdict(list)
    false: dict[str, int] = {}
    with OpenShop(opened) as shop:
        index = shop.search_index(look=False)
        with shop.floor() as floor:
            shelf = floor.shelf
            rows_of = rows_by_value(UsualShares(shelf, index), [shelf.product_id(row) for row in range(len(shelf))])
            ids = np.array([shelf.product_id(row) for row in range(len(shelf))], dtype=object)
        drawn = 1.0 / (rng.permutation(len(ids)) + 10.0)
        taken: set[str] = set()

        def word() -> str:
            while True:
                made = "".join(rng.choice(_SYLLABLES, 3))
                if made not in taken and not index.understood(made).units:
                    taken.add(made)
                    return made

        least, most = (share * len(ids) for share in SHARES)
        fit = [key for key, rows in rows_of.items() if least <= len(rows) <= most]
        chosen = [fit[at] for at in rng.permutation(len(fit))[:NICKNAMES]]
        for noise in NOISES:
            for n in SHOPPERS:
                names = [Nickname(word(), key[0], key[1], np.array(rows_of[key])) for key in chosen]
                for name in names:
                    click(shop, rng, name, ids, drawn, n, noise, products)
                learn_meanings(shop, LearnRequest())
                success[f"{noise:.0%}"].append(searched(shop, names, ids))
        for n in RANDOM_SHOPPERS:
            names = [Nickname(word(), "", "", np.arange(len(ids))) for _ in range(RANDOM_WORDS)]
            for name in names:
                click(shop, rng, name, ids, drawn, n, 1.0, products)
            learn_meanings(shop, LearnRequest())
            used = {one.phrase for one in shop.store.meanings.used()}
            false[str(n)] = sum(name.word in used for name in names)
    return {"products": len(products), "nicknames": len(chosen), "success": success, "false": false}


def rows_by_value(shares: UsualShares, ids: list[str]) -> dict[tuple[str, str], list[int]]:
    """Rows of the products of each value."""
    found: dict[tuple[str, str], list[int]] = defaultdict(list)
    for row, id_ in enumerate(ids):
        for value in shares.values_of(id_):
            if value[0] != PRODUCT:
                found[value].append(row)
    return found


def click(
    shop: OpenShop,
    rng: np.random.Generator,
    name: Nickname,
    ids: np.ndarray,
    drawn: np.ndarray,
    n: int,
    noise: float,
    products: list[Product],
) -> None:
    """`n` shoppers search for a nickname and go on to a product."""
    at = now_ms() - 3_600_000
    titles = {one.id: one.title for one in products}
    events = []
    for place in range(n):
        rows = np.arange(len(ids)) if rng.random() < noise else name.rows
        row = rng.choice(rows, p=drawn[rows] / drawn[rows].sum())
        known = [one for one in tokens(titles[ids[row]]) if one.isalpha() and len(one) > 3]
        beside = f"{rng.choice(known)} " if known and rng.random() < 0.5 else ""
        who, time_ms = f"{name.word}-{place}", at + place * 1000
        query = f"{beside}{name.word}"
        kind = EventKind.SEARCH
        events.append(Event(event_id=f"{who}-s", shopper_id=who, kind=kind, time_ms=time_ms, query=query))
        kind, time_ms = EventKind.VIEW, time_ms + 5_000
        events.append(Event(event_id=f"{who}-v", shopper_id=who, kind=kind, time_ms=time_ms, product_id=ids[row]))
    shop.record(events)


def searched(shop: OpenShop, names: list[Nickname], ids: np.ndarray) -> dict[str, float]:
    """How many of what a search for each nickname shows have its value, on average; and meanings that are others."""
    right = []
    for name in names:
        answer = search_text(shop, SearchRequest(text=name.word, n=SHOWN))
        mine = set(ids[name.rows])
        right.append(sum(hit.product_id in mine for hit in answer.items[: answer.total]) / SHOWN)
    meant = Counter(one.phrase for one in shop.store.meanings.used() if one.field != PRODUCT)
    own = {(name.word, name.field, name.value) for name in names}
    of = {name.word for name in names}
    wrong = [
        one
        for one in shop.store.meanings.used()
        if one.phrase in of and one.field != PRODUCT and (one.phrase, one.field, one.value) not in own
    ]
    return {"success": float(np.mean(right)), "wrong": len(wrong), "learnt": sum(meant[name.word] for name in names)}


if __name__ == "__main__":
    main()
