"""What titles of a shop have in common, worked out by hand."""

from __future__ import annotations

from bottega.catalogue.product import Product
from bottega.shop.listings.listing_facts import TitleWords


def products(*titles: str, description: str = "") -> list[Product]:
    return [Product(id=f"p-{at}", title=title, description=description) for at, title in enumerate(titles)]


def test_makers_and_common_words() -> None:
    titles = [f"{maker} Grande {thing}" for maker in ("Kallio", "Zorvex", "Wobbl") for thing in "abcd"]
    found = TitleWords.of(products(*titles, "Lonely Grande"))
    assert found.makers == {"kallio", "zorvex", "wobbl"} and "grande" in found.common


def test_small_words_tell_the_language_and_none_is_english() -> None:
    german = TitleWords.of(
        products("Die Lampe", description="Sie ist aus Holz und steht auf dem Tisch, mit einer Birne.")
    )
    assert german.language == "de"
    italian = TitleWords.of(products("La lampada", description="È una lampada di legno con la base, per il tavolo."))
    assert italian.language == "it"
    assert TitleWords.of(products("Zorvex 3000")).language == "en" == TitleWords.of([]).language
