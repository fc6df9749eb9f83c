"""Text chooses nothing: a talk in a shop with hostile strings is the same talk, but for the echo of the string.

The reader that ships reads the lines, so that all of the way is walked; every string at every place is
benchmarks/assistant_injection.py.
"""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any

import pytest

from assistant_injection import PLACES, STRINGS, clean, differences, hold, of_place, put
from bottega.actions.assistant.assistant import assistant
from bottega.actions.assistant.shapes import AssistantRequest
from bottega.shop.folder import ShopFolder
from bottega.shop.open_shop import OpenShop

SOME = {"one title": 7, "a review more of each": 23, "the shopper's name": 0, "an earlier line": 11}
"""Places, and where among the strings the three that are tried there begin."""


def test_there_are_a_hundred_of_them_of_ten_kinds() -> None:
    assert len({one["text"] for one in STRINGS}) == 100
    assert len({one["kind"] for one in STRINGS}) == 10


@pytest.mark.parametrize("place", PLACES)
def test_hostile_text_changes_nothing_but_its_echo(place: str) -> None:
    start = SOME.get(place, list(PLACES).index(place))
    found = of_place(place, STRINGS[start::40])
    assert len(found) >= 2
    assert [(text, told) for text, told, _ in found if told] == []


def test_the_comparison_sees_what_it_is_for(tmp_path: Path) -> None:
    """A word of the shop's own in a title is found by it, as it should be; a price that changed would be seen."""
    with OpenShop(ShopFolder.open(tmp_path)) as shop:
        plain = hold(shop, clean())
        named = hold(shop, PLACES["all titles"](clean(), "boots"))
        assert any("total" in one for one in differences(plain.turns, named.turns))
        cheaper = [one.model_copy(update={"price_minor": 0}) for one in clean().products]
        free = hold(shop, type(clean())(tuple(cheaper), clean().reviews))
        assert any("price_minor" in one for one in differences(plain.turns, free.turns))
        assert not list(differences(plain.turns, hold(shop, clean()).turns))


def test_hostile_lines_get_what_the_shop_has_and_nothing_else(tmp_path: Path) -> None:
    before: dict[str, Any] = {product.id: product for product in clean().products}
    with OpenShop(ShopFolder.open(tmp_path)) as shop:
        put(shop, clean(), time.time_ns() // 1_000_000)
        for number, one in enumerate(STRINGS):
            line = one["text"][:1000].strip()
            answer = assistant(shop, AssistantRequest(talk_id=f"t-{number}", text=line, language="en"))
            assert all(before[shown.product_id].price_minor == shown.price_minor for shown in answer.products)
            said = " ".join(answer.text)
            recited = " ".join(re.findall("“[^”]*”", said))  # what the line says itself, said back
            for amount in re.findall(r"€(\d[\d,]*)\.\d\d", recited):
                assert amount.replace(",", "") in line, said
            for amount in re.findall(r"€(\d[\d,]*\.\d\d)", re.sub("“[^”]*”", "", said)):
                assert any(f"{product.price_minor / 100:,.2f}" == amount for product in before.values()), said
        kept = {one.id: one for chunk in shop.store.products.iterate() for one in chunk}
        assert {id_: (one.title, one.price_minor) for id_, one in kept.items()} == {
            id_: (one.title, one.price_minor) for id_, one in before.items()
        }
