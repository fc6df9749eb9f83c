"""Texts to read, and how their sentences begin.

    python benchmarks/words_reading.py read --seed N           200 products with their facts and texts, for a reader
    python benchmarks/words_reading.py beginnings [--few 100]  descriptions in which two neighbours begin alike

A reader holds every title, bullet, description and alternative text of a draw against the listing that it was written
from: fifty products of each set, five languages in turn. A draw that was read is not read again.
"""

from __future__ import annotations

import argparse
import itertools

from bottega.actions.wording.describe import described
from bottega.actions.wording.shapes import DescribeRequest
from bottega.languages.writing import writing_languages
from bottega.models.wording.facts import FactSheet
from bottega.models.wording.known import known
from bottega.models.wording.text import TextKind
from bottega.models.wording.writer import ListingWriter
from bottega.shop.listings.listing_facts import TitleWords, listing_of
from words_data import SETS, products_of, sheets_of

EACH = 50
"""Products of each set that are read."""
SHOP = 2_000
"""Products of the shop that they are drawn with, so that its makers are known."""
UNSAID = ("title", "category", "price")


def read(seed: int) -> None:
    """Listings, facts and texts, one product under the other."""
    languages = itertools.cycle(writing_languages())
    writers = {language: ListingWriter(language) for language in writing_languages()}
    for name in SETS:
        products = products_of(name, SHOP, seed)
        words = TitleWords.of(products)
        for product in products[:EACH]:
            writer = writers[next(languages)]
            sheet = known(listing_of(product, words))
            one = described(writer, sheet, DescribeRequest(product_ids=[product.id]))
            print(f"\n{name} {product.id} [{writer.language}] {product.title}")
            print("  given:", " > ".join(product.category), dict(product.attributes))
            print("  facts:", "; ".join(fact.name for fact in sheet.claimed if fact.key not in UNSAID))
            print("  title:", one.title)
            print("  bullets:", " / ".join(one.bullets))
            print("  description:", one.description)
            print("  alt:", one.alt)


def beginnings(few: int, seed: int) -> None:
    """How many descriptions have neighbours that begin with the same two words."""
    sheets = [sheet for name in SETS for sheet in sheets_of(products_of(name, few, seed))]
    for language in writing_languages():
        writer = ListingWriter(language)
        alike = sum(_is_monotone(writer, sheet) for sheet in sheets)
        print(f"{language}: {alike} of {len(sheets)} descriptions ({alike / len(sheets):.3f})", flush=True)


def _is_monotone(writer: ListingWriter, sheet: FactSheet) -> bool:
    made = writer.text(sheet, TextKind.DESCRIPTION)
    starts = [made.text[one.start : one.end].casefold().split()[:2] for one in made.sentences]
    return any(one == other for one, other in itertools.pairwise(starts))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("read", "beginnings"))
    parser.add_argument("--few", type=int, default=100)
    parser.add_argument("--seed", type=int, default=77)
    given = parser.parse_args()
    if given.what == "read":
        read(given.seed)
    else:
        beginnings(given.few, given.seed)


if __name__ == "__main__":
    main()
