"""Reasons as a shopper reads them: titles said twice, sentences of a list, counts behind "goes with".

    python benchmarks/reasons.py --shop FOLDER [--lists 500] [--dial 0.5] [--before SRC] [--json]

Works on a copy of a trained demo shop: lists of known shoppers, beside products and carts, and of visitors after their
first click. `--before` is the `src` folder of another commit, which answers the same questions of the same shop, so
that the lists themselves can be compared. `--dials` tries `reason_diversity` from 0 to 1. With `--plain-titles` every
product of the copy is called by its kind alone, as shops have it that sell ten of a thing under one name.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

from bottega.actions.recommend.recommend import recommend
from bottega.actions.recommend.shapes import RecommendationRequest
from bottega.events.event import Event
from bottega.names import EventKind
from bottega.shop.folder import ShopFolder
from bottega.shop.open_shop import OpenShop
from common import machine

LENGTH = 12
SHARES = {"home": 0.4, "product": 0.3, "cart": 0.1, "one click": 0.2}
DIALS = (0.0, 0.25, 0.5, 0.75, 1.0)
GOES_WITH = ("goes_with", "goes_with_purchase")
COUNTED = re.compile(r"\d+ (?:shoppers|of them)")


def questions(shop: OpenShop, lists: int) -> list[dict[str, Any]]:
    """What is asked; visitors after one click have clicked when this returns."""
    draw = random.Random(13)
    frame = shop.store.events.frame()
    shoppers = frame["shopper"].unique(maintain_order=True).to_list()
    products = [product.id for product in shop.store.products.all() if product.recommendable]
    newest = int(frame["time_ms"].max())  # type: ignore[arg-type]
    asked: list[dict[str, Any]] = []
    for placement, share in SHARES.items():
        for place in range(round(share * lists)):
            fields: dict[str, Any] = {"placement": placement, "shopper": draw.choice(shoppers), "n": LENGTH}
            if placement == "product":
                fields["product_ids"] = [draw.choice(products)]
            elif placement == "cart":
                fields["product_ids"] = draw.sample(products, 2)
            elif placement == "one click":
                fields |= {"placement": "home", "shopper": f"visitor-{place}"}
                clicked = draw.choice(products)
                seen = Event(shopper_id=f"visitor-{place}", product_id=clicked, kind=EventKind.VIEW, time_ms=newest)
                shop.record([seen])
            asked.append({"kind": placement, "now_ms": newest + 60_000, "fields": fields})
    return asked


def answered(folder: Path, lists: int, dial: float | None) -> list[dict[str, Any]]:
    """The lists, each with its reasons, and what is known of every product in them."""
    with OpenShop(ShopFolder.open(folder)) as shop:
        known = {product.id: product for product in shop.store.products.all()}
        asked = questions(shop, lists)
        shop.refresh()
        found = []
        for one in asked:
            fields = one["fields"] | ({} if dial is None else {"reason_diversity": dial})
            answer = recommend(shop, RecommendationRequest(**fields), now_ms=one["now_ms"])
            places = []
            for item in answer.items:
                reason = item.reasons[0]
                named = [each for each in reason.evidence if "product_id" in each]
                places.append(
                    {
                        "product_id": item.product_id,
                        "title": known[item.product_id].title,
                        "kind": list(known[item.product_id].category),
                        "code": reason.code,
                        "text": reason.text,
                        "evidence": reason.evidence,
                        "named": [each["title"] for each in named],
                        "named_kinds": [
                            list(known[each["product_id"]].category) for each in named if each["product_id"] in known
                        ],
                        "group": getattr(item, "reason_group", None),
                    }
                )
            found.append({"asked": one["kind"], "places": places})
    return found


def says_twice(place: dict[str, Any]) -> bool:
    """Whether a sentence names one title twice; a title that is part of a longer one there is not that one."""
    text, twice = re.sub(r" \([^()]*: [^()]*\)$", "", place["text"].casefold()), False  # without its details
    for title in sorted({title.casefold()[:59].rstrip() for title in place["named"]}, key=len, reverse=True):
        text, times = re.subn(rf"(?<!\w){re.escape(title)}(?!\w)", "", text)
        twice |= times > 1
    return twice


def figures(lists: list[dict[str, Any]]) -> dict[str, Any]:
    """What is told of some lists."""
    places = [place for one in lists for place in one["places"]]
    sentences = [[place["text"] for place in one["places"]] for one in lists]
    goes = [place for place in places if place["code"] in GOES_WITH]
    counted = [
        place for place in goes if COUNTED.search(place["text"]) and any("shoppers" in one for one in place["evidence"])
    ]
    inside = [place for place in goes if any(kind == place["kind"] for kind in place["named_kinds"][:1])]
    across = [
        place
        for place in places
        if place["code"] == "instead_of" and any(kind != place["kind"] for kind in place["named_kinds"][:1])
    ]
    lines = [len({place["group"] for place in one["places"]} - {None}) or None for one in lists]
    return {
        "lists": len(lists),
        "places": len(places),
        "a title twice in a sentence": sum(map(says_twice, places)),
        "the card's own title, as if another's": sum(
            place["code"] != "time_to_restock"
            and place["title"].casefold() in {title.casefold() for title in place["named"][:2]}
            and "another" not in place["text"]
            for place in places
        ),
        "distinct sentences a list": round(
            sum(len(set(one)) / max(len(one), 1) for one in sentences) / len(lists) * 12, 2
        ),
        "most often said sentence, of 12": round(
            sum(max(Counter(one).values()) / len(one) for one in sentences if one) / len(lists) * 12, 2
        ),
        "lists of one sentence": sum(len(set(one)) == 1 < len(one) for one in sentences),
        "groups a list": None if None in lines else round(sum(filter(None, lines)) / len(lines), 2),
        "goes with": len(goes),
        "goes with, its count said and shown": len(counted),
        "goes with, within one kind": len(inside),
        "instead of": sum(place["code"] == "instead_of" for place in places),
        "instead of, across kinds": len(across),
    }


def compared(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> float:
    """Share of lists that hold the same products in the same order."""
    ids = [[[place["product_id"] for place in one["places"]] for one in lists] for lists in (before, after)]
    return float(sum(one == other for one, other in zip(*ids, strict=True)) / len(after))


def plainly_titled(folder: Path) -> None:
    """Every product bears the name of its kind."""
    with closing(sqlite3.connect(folder / "shop.db")) as rows, rows:
        for name, category in rows.execute("SELECT id, category FROM products").fetchall():
            levels = json.loads(category) if category else []
            rows.execute("UPDATE products SET title = ? WHERE id = ?", (levels[-1] if levels else "Thing", name))


def asked_of(
    shop: Path, lists: int, dial: float | None, source: Path | None, plain_titles: bool
) -> list[dict[str, Any]]:
    """The lists of this commit, or of that whose sources are given, over a copy of the shop."""
    with tempfile.TemporaryDirectory() as work:
        copy = Path(work) / "shop"
        shutil.copytree(shop, copy)
        if plain_titles:
            plainly_titled(copy)
        if source is None:
            return answered(copy, lists, dial)
        command = [sys.executable, __file__, "--shop", str(copy), "--lists", str(lists), "--answers"]
        env = os.environ | {"PYTHONPATH": str(source)}
        done = subprocess.run(command, capture_output=True, text=True, check=True, env=env)
        found: list[dict[str, Any]] = json.loads(done.stdout.splitlines()[-1])
        return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shop", type=Path, required=True, help="a trained demo shop; it is copied")
    parser.add_argument("--lists", type=int, default=500)
    parser.add_argument("--dial", type=float, help="reason_diversity; the shop's setting where absent")
    parser.add_argument("--dials", action="store_true")
    parser.add_argument("--plain-titles", action="store_true")
    parser.add_argument("--before", type=Path)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--answers", action="store_true", help="print the lists themselves")
    chosen = parser.parse_args()
    if chosen.answers:
        print(json.dumps(answered(chosen.shop, chosen.lists, chosen.dial)))
        return
    columns: dict[str, dict[str, Any]] = {}
    earlier = None
    if chosen.before:
        earlier = asked_of(chosen.shop, chosen.lists, None, chosen.before, chosen.plain_titles)
        columns["before"] = figures(earlier)
    for dial in DIALS if chosen.dials else (chosen.dial,):
        lists = asked_of(chosen.shop, chosen.lists, dial, None, chosen.plain_titles)
        name = "now" if dial is None else f"dial {dial:g}"
        columns[name] = figures(lists)
        if earlier is not None:
            columns[name]["lists as before"] = round(compared(earlier, lists), 4)
        columns[f"{name}, one click"] = figures([one for one in lists if one["asked"] == "one click"])
    if chosen.json:
        print(json.dumps(columns))
        return
    print(f"{machine()}\n\n| | {' | '.join(columns)} |\n|---|{'---|' * len(columns)}")
    for row in dict.fromkeys(row for column in columns.values() for row in column):
        print(f"| {row} | {' | '.join(str(column.get(row, '')) for column in columns.values())} |")


if __name__ == "__main__":
    main()
