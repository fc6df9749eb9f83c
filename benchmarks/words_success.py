"""Does the wording of titles say which of two like listings does better? Views and favourites of handmade goods.

    python benchmarks/words_success.py [--json]

Every listing's title is read into facts as `describe` reads it; nothing is looked at but which facts it says, and in
which order. `planted` is the same with rates drawn so that titles which begin with an occasion do better, which tells
whether a signal of a known size would be found.
"""

from __future__ import annotations

import argparse
import html
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace

import numpy as np
import polars as pl

from bottega.catalogue.product import Product
from bottega.models.wording.success import ListingOutcome, Success, built_alike, form_of_title, learn_success
from bottega.shop.listings.listing_facts import TitleWords
from common import DATA

_DAY_S = 86_400
_LEAST_DAYS = 14.0
_PLANTED = 0.7
"""By how much, as a logarithm, an occasion in front raises what a planted listing brings."""
_NOISE = 1.0


def outcomes(
    rows: Sequence[Mapping[str, object]], forms: Sequence[Mapping[str, float]], brings: str
) -> list[ListingOutcome]:
    """What each listing's form brought a day, as `brings` counts it."""
    now = max(int(row["creation_tsz"]) for row in rows)  # type: ignore[call-overload]
    clusters = built_alike([html.unescape(str(row["description"] or "")) for row in rows])
    found = []
    for place, (row, form, cluster) in enumerate(zip(rows, forms, clusters, strict=True)):
        days = max((now - int(row["original_creation_tsz"])) / _DAY_S, _LEAST_DAYS)  # type: ignore[call-overload]
        rate = (float(row[brings]) + 0.5) / days  # type: ignore[arg-type]
        price = float(row["price"])  # type: ignore[arg-type]
        found.append(ListingOutcome(str(place), form, rate, days, str(row["taxonomy_id"]), price, cluster))
    return found


def planted(listings: Sequence[ListingOutcome], rng: np.random.Generator) -> list[ListingOutcome]:
    """The same listings, with rates that one form of title raises."""
    noise_N = rng.normal(0, _NOISE, len(listings))
    raised = [_PLANTED * one.form.get("first occasion", 0.0) for one in listings]
    return [replace(one, rate=float(np.exp(up + n))) for one, up, n in zip(listings, raised, noise_N, strict=True)]


def main() -> None:
    """Print a line for each measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    rows = pl.read_csv(DATA / "texts/etsy.csv.gz", infer_schema_length=5_000).to_dicts()
    titles = [html.unescape(str(row["title"])) for row in rows]
    words = TitleWords.of(Product(id=str(place), title=title) for place, title in enumerate(titles))
    forms = [form_of_title(title, "en", makers=words.makers, common=words.common) for title in titles]
    told: dict[str, Success] = {}
    for brings in ("views", "num_favorers"):
        told[brings] = learn_success(outcomes(rows, forms, brings), rng=np.random.default_rng(0))
    drawn = planted(outcomes(rows, forms, "views"), np.random.default_rng(1))
    told["planted"] = learn_success(drawn, rng=np.random.default_rng(0))
    for name, one in told.items():
        if given.json:
            line = {name: value for name, value in asdict(one).items() if name not in ("weights", "drawn_on")}
            print(json.dumps({"measure": name, **line, "signal": one.signal}))
        else:
            print(f"{name:14} {one.says}")
            for form, weight in one.prefers[:5]:
                print(f"{'':14} {weight:+.2f} {form}")


if __name__ == "__main__":
    main()
