"""What a line asks of the shop: parts of a wish, and what only sounds like a "no"."""

from __future__ import annotations

import pytest

from bottega.actions.assistant.hearing import hear
from bottega.shop.open_shop import OpenShop


@pytest.mark.parametrize(
    ("text", "language", "denied"),
    [
        ("ich such ne rote Lampe", "de", []),
        ("nicht rot", "de", ["rot"]),
        ("vous n'auriez pas une lampe rouge ?", "fr", []),
        ("pas rouge", "fr", ["rouge"]),
        ("no tenéis una lámpara roja?", "es", []),
        ("no leather", "en", ["leather"]),
    ],
)
def test_what_sounds_like_a_no_denies_nothing(talk_shop: OpenShop, text: str, language: str, denied: list[str]) -> None:
    index = talk_shop.search_index(look=False)
    with talk_shop.floor() as floor:
        heard = hear(index, len(floor.shelf), text, language)
    assert [part.words for part in heard.parts if part.denied] == denied
    assert denied or {part.what for part in heard.parts} >= {"kind", "colour"}


@pytest.mark.parametrize(
    ("text", "language"),
    [("en lin, s'il vous plaît", "fr"), ("en lin s’il te plait", "fr")],
)
def test_a_please_is_no_thing(talk_shop: OpenShop, text: str, language: str) -> None:
    index = talk_shop.search_index(look=False)
    with talk_shop.floor() as floor:
        heard = hear(index, len(floor.shelf), text, language)
    assert {part.what for part in heard.parts} == {"material"}
    assert not heard.missing and not heard.unknown
