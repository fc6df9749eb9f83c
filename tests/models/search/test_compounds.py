"""German compounds: the last part is the thing, whatever the others are by themselves."""

from __future__ import annotations

import pytest

from bottega.models.search.listing import Listing
from bottega.models.search.word_search import WordSearch

KINDS = ("Jeans", "Shirts", "Skirts", "Jackets", "Handbags", "Watches", "Belts")


def things(search: WordSearch, text: str) -> list[tuple[str, ...]]:
    return [unit.phrase for unit in search.understood(text).units if unit.kind]


@pytest.fixture(scope="module", params=["", " avec la poche pour les hommes et les femmes"])
def shop(request: pytest.FixtureRequest) -> WordSearch:
    """One that speaks English, and one that speaks French, where the thing comes first."""
    search = WordSearch()
    listings = [
        Listing(f"Acme {who} {kind}{request.param}", (kind,), {"gender": (who,)}, description=request.param)
        for kind in KINDS
        for who in ("Men", "Women")
    ]
    search.add(range(len(listings)), listings)
    return search


@pytest.mark.parametrize(
    ("text", "thing", "others"),
    [
        ("Jeanshemd", "hemd", ["jeans"]),
        ("Jeansrock", "rock", ["jeans"]),
        ("Herrenuhr", "uhr", ["herren"]),
        ("Herrenlederjacke", "jacke", ["herren", "leder"]),
        ("Damenlederhandtasche", "handtasche", ["damen", "leder"]),
        ("Damenwinterjacke", "jacke", ["damen", "winter"]),
        ("Damenguertel", "guertel", ["damen"]),
    ],
)
def test_the_last_part_is_the_thing(shop: WordSearch, text: str, thing: str, others: list[str]) -> None:
    query = shop.understood(text)
    assert things(shop, text) == [(thing,)]
    assert [unit.phrase[0] for unit in query.units if not unit.kind] + query.unknown == others
    assert query.languages[0] == "de"


def test_a_shirt_of_denim_is_no_pair_of_jeans(shop: WordSearch) -> None:
    found = [int(one) for one in shop.search("Jeanshemd", 2).ids]
    assert {KINDS[one // 2] for one in found} == {"Shirts"}


@pytest.mark.parametrize("text", ["Unternehmen", "Herrenhaus", "internationaluhrig", "abcdefghjacke", "lederabcdjacke"])
def test_what_is_no_compound_of_known_words_is_not_cut(shop: WordSearch, text: str) -> None:
    assert not things(shop, text)
