"""A merchant's own text said anew: facts are written again, what is no fact is never altered."""

from __future__ import annotations

from pathlib import Path

import pytest

from bottega.actions.wording.reword import RewordAnswer, reword_text
from bottega.actions.wording.shapes import RewordRequest
from bottega.catalogue.product import Product
from bottega.errors import ProductUnknown, RequestInvalid
from bottega.shop.open_shop import OpenShop

STORY = "My grandmother painted the first one in 1962, and never sold it!"
BELT = Product(
    id="belt",
    title="Marlowe Men Black Belt",
    category=("Belts",),
    description=f"Black belt for men. {STORY} Made of leather.",
    attributes={"color": ("Black",), "gender": ("Men",), "material": ("leather",), "season": ("Winter",)},
)


@pytest.fixture
def shop(tmp_path: Path) -> OpenShop:
    opened = OpenShop.open(tmp_path)
    opened.upsert([BELT, BELT.model_copy(update={"id": "bare", "description": ""})])
    return opened


def reworded(shop: OpenShop, **asked: object) -> RewordAnswer:
    return reword_text(shop, RewordRequest.model_validate({"product_id": "belt", **asked}))


def test_facts_are_said_anew_and_a_story_is_not_altered(shop: OpenShop) -> None:
    answer = reworded(shop)
    assert [one.became for one in answer.old] == ["written", "kept", "written"]
    assert answer.text.endswith(f"\n{STORY}") and answer.sentences[-1].frame == "kept"
    assert {"colour=Black", "people=Men", "material=leather"} <= {fact.name for fact in answer.facts}
    assert "season=Winter" not in {fact.name for fact in answer.facts}
    assert "winter" not in answer.text.casefold()


def test_short_leaves_the_story_and_long_says_every_fact(shop: OpenShop) -> None:
    short = reworded(shop, length="short")
    assert STORY not in short.text and short.old[1].became == "left" and len(short.sentences) <= 2
    assert "winter" in reworded(shop, length="long").text.casefold()


def test_terse_is_labels(shop: OpenShop) -> None:
    text = reworded(shop, tone="terse", length="long").text
    assert "Material: leather" in text and "Season: winter" in text


def test_another_language_writes_the_facts_and_marks_what_stays(shop: OpenShop) -> None:
    answer = reworded(shop, language="de")
    assert "Leder" in answer.text and "leather" not in answer.text.replace(STORY, "")
    assert answer.kept_language == "en" and answer.text.endswith(STORY)


def test_an_audience_and_keywords_need_facts(shop: OpenShop) -> None:
    answer = reworded(shop, audience="children", keywords=["leather belt", "silk belt"])
    assert answer.refused == ["no fact says that it is for 'children'"]
    assert [one.placed for one in answer.keywords] == [True, False]
    assert "leather belt" in answer.text.casefold() and "silk" not in answer.text
    assert not reworded(shop, audience="men").refused


def test_what_cannot_be_asked(shop: OpenShop) -> None:
    with pytest.raises(ProductUnknown):
        reworded(shop, product_id="nobody")
    with pytest.raises(RequestInvalid, match="has no description"):
        reworded(shop, product_id="bare")
