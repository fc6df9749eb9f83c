"""Like this, but ...: does the kind stay, and does what was asked for move? Page: like_but.md.

    python benchmarks/like_but.py SHOP [SHOP ...] --half a|b [--questions 200] [--seed 0] [--json]

SHOP is a shop's folder (it is copied; nothing is written into it). Questions are made from the catalogue's own rows
by a seeded sampler: a product, and a value that another product of its kind has and this one lacks. The kind is what
the catalogue says: the whole category path. A product belongs to half a or b by its id.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bottega.actions.search.photo import search_photo
from bottega.actions.search.shapes import Hit, PhotoSearchRequest, SearchAnswer, SearchRequest
from bottega.actions.search.words import search_text
from bottega.shop.open_shop import OpenShop
from bottega.shop.shape import Upload
from like_questions import Catalogue, Question, price_of, values

LISTED = 5
"""Places that are judged."""


def judged(catalogue: Catalogue, question: Question, hits: Sequence[Hit], answer: Any) -> dict[str, float]:
    """Figures of one answer, over its first places."""
    found = [catalogue.by_id[hit.product_id] for hit in hits[:LISTED]]
    kind = [one.category == question.product.category for one in found]
    right = [
        all(value in values(one, name) for name, value in question.wanted.items())
        and not any(value in values(one, name) for name, value in question.unwanted.items())
        and (not question.cheaper or price_of(one) < price_of(question.product))
        for one in found
    ]
    most = sum(
        all(value in values(one, name) for name, value in question.wanted.items())
        and (not question.cheaper or price_of(one) < price_of(question.product))
        for one in catalogue.others(question.product)
    )
    figures = {"kind": float(np.mean(kind)) if kind else 0.0}
    if question.has:
        figures["in five"] = float(any(a and b for a, b in zip(kind, right, strict=True)))
        figures["share"] = sum(a and b for a, b in zip(kind, right, strict=True)) / max(1, min(LISTED, most or LISTED))
    else:
        figures["said"] = float(bool(remark_of(answer)))
    told = values(question.product, "gender")
    if told and "gender" not in question.wanted and found:
        figures["same gender"] = float(np.mean([bool(values(one, "gender") & told) for one in found]))
    if question.line:
        figures["same line"] = float(bool(question.line.intersection(hit.product_id for hit in hits[:LISTED])))
    return figures


def remark_of(answer: Any) -> str:
    """What an answer says of what the shop lacks; nothing before there was such a field."""
    return getattr(getattr(answer, "like", None), "remark", "")


def asked(shop: OpenShop, question: Question) -> tuple[list[Hit], Any]:
    """What the shop answers."""
    product = question.product
    if not question.by_photo:
        answer: SearchAnswer = search_text(shop, SearchRequest(product_id=product.id, text=question.text, n=LISTED))
        return answer.items, answer
    content = (shop.folder.images / product.images[0]).read_bytes()
    sent = PhotoSearchRequest(
        photo=Upload(name="photo", content=content),
        but=question.text,
        n=LISTED,
        exclude_ids=[product.id],
        regions=False,
    )
    region = search_photo(shop, sent).regions[0]
    return region.items, region


def measured(folder: Path, half: str, n: int, seed: int, *, show: int = 0) -> list[dict[str, Any]]:
    """A row for every sort of question."""
    gathered: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    with tempfile.TemporaryDirectory() as kept:
        shutil.copytree(folder, Path(kept) / "shop")
        with OpenShop.open(Path(kept) / "shop") as shop:
            shop.search_index(look_at_all=True)
            catalogue = Catalogue(list(shop.folder.store.products.all()))
            for question in catalogue.questions(half, n, seed):
                started = time.process_time()
                hits, answer = asked(shop, question)
                figures = judged(catalogue, question, hits, answer)
                figures["cpu ms"] = 1000 * (time.process_time() - started)
                for name, value in figures.items():
                    gathered[question.asked][name].append(value)
                bad = figures["kind"] < 1 or figures.get("in five", 1.0) < 1 or figures.get("said", 1.0) < 1
                if show and bad and sum(map(len, gathered[question.asked].values())):
                    _print(catalogue, question, hits, answer)
    rows = []
    for name, figures_of in gathered.items():
        row: dict[str, Any] = {"shop": folder.name, "half": half, "asked": name, "questions": len(figures_of["kind"])}
        for figure, found in figures_of.items():
            row[figure] = round(float(np.median(found) if figure == "cpu ms" else np.mean(found)), 3)
        rows.append(row)
    return rows


def _print(catalogue: Catalogue, question: Question, hits: Sequence[Hit], answer: Any) -> None:
    product = question.product
    print(f"-- [{question.asked}] {product.id} {product.title!r} {product.category} BUT {question.text!r}")
    print(f"   {dict(product.attributes)} {product.price_minor} {remark_of(answer)!r}")
    for hit in hits:
        one = catalogue.by_id[hit.product_id]
        print(
            f"     {hit.score:.3f} {one.id} {one.title!r} {one.category[-1]} {dict(one.attributes)} {one.price_minor}"
        )


def run() -> None:
    """Print a table, or an object a line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shops", type=Path, nargs="+")
    parser.add_argument("--half", choices=("a", "b"), required=True)
    parser.add_argument("--questions", type=int, default=200, help="most of each sort")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--show", action="store_true", help="print the questions that went wrong, half a alone")
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    rows = [
        row
        for shop in chosen.shops
        for row in measured(shop, chosen.half, chosen.questions, chosen.seed, show=chosen.show and chosen.half == "a")
    ]
    if chosen.json:
        for row in rows:
            print(json.dumps(row))
        return
    figures = ("kind", "in five", "share", "same line", "same gender", "said", "cpu ms")
    print(f"| shop | asked for | questions | {' | '.join(figures)} |")
    print("|---" * (3 + len(figures)) + "|")
    for row in rows:
        cells = [row["shop"], row["asked"], row["questions"], *(row.get(name, "") for name in figures)]
        print(f"| {' | '.join(map(str, cells))} |")


if __name__ == "__main__":
    run()
