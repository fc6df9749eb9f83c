"""Imagine: words in, marked pictures out, the same for the same seed; turns from the state; refusals that say why."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from tests.models.studio.products.drawing import generator

from bottega.actions.studio.products.imagine import imagine
from bottega.actions.studio.products.shapes import ImagineAnswer, ImagineRequest
from bottega.datasets.photos.provenance import SourceType, source_type_of
from bottega.errors import EditRefused, ModelMissing, NothingToDraw, RequestInvalid
from bottega.models.studio.rescue.rescue import Rescue
from bottega.shop.open_shop import OpenShop


@pytest.fixture
def shop(tmp_path: Path, ships: Callable[..., None]) -> OpenShop:
    ships(rescue=Rescue.fresh(rng=np.random.default_rng(0)), product=generator())
    return OpenShop.open(tmp_path / "shop")


def ask(shop: OpenShop, words: str, before: ImagineAnswer | None = None, **more: object) -> ImagineAnswer:
    state = before.state.model_dump(mode="json") if before else None
    return imagine(shop, ImagineRequest.model_validate({"words": words, "before": state, "seed": 3, **more}))


def contents(answer: ImagineAnswer) -> list[bytes]:
    return [one.content for one in answer.pictures]


def test_pictures_say_that_they_were_generated(shop: OpenShop) -> None:
    answer = ask(shop, "red striped shirt, flat", n=3)
    assert [one.number for one in answer.pictures] == [1, 2, 3]
    assert (answer.asked.type, answer.asked.worn) == ("Shirts", False)
    assert [(one.words, one.why) for one in answer.not_drawn] == [("striped", "not_drawn")]
    for one in answer.pictures:
        assert source_type_of(one.content) is SourceType.GENERATED and one.source_type == "trainedAlgorithmicMedia"
        assert Image.open(BytesIO(one.content)).size == (one.width, one.height)


def test_race_is_refused_before_anything_is_drawn(shop: OpenShop) -> None:
    with pytest.raises(EditRefused, match="black woman"):
        ask(shop, "shirt on a black woman", n=1)
    assert ask(shop, "black shirt for women", n=1).pictures


def test_the_same_words_and_seed_are_the_same_pictures(shop: OpenShop) -> None:
    first = ask(shop, "shirt", n=2)
    assert contents(ask(shop, "shirt", n=2)) == contents(first) != contents(ask(shop, "shirt", n=2, seed=4))
    drawn = ask(shop, "shirt", n=2, seed=None)
    assert contents(ask(shop, "shirt", n=2, seed=drawn.seed)) == contents(drawn)


def test_turns_go_on_from_the_state_alone(shop: OpenShop) -> None:
    first = ask(shop, "white shirt", n=4)
    blue = ask(shop, "make it blue", first, n=4)
    assert blue.asked.type == "Shirts" and {one.rgb for one in blue.pictures} != {one.rgb for one in first.pictures}
    third = ask(shop, "plus comme la troisième", blue, n=4)
    assert third.pictures[0].content == blue.pictures[2].content
    assert third.state.said == ["white shirt", "make it blue", "plus comme la troisième"]
    theirs = ask(shop, "for women", third, n=4)
    assert {one.gender for one in theirs.pictures} == {"Women"} and theirs.asked.lab == blue.asked.lab


def test_a_yellow_can_be_made_as_dark_as_one_likes(shop: OpenShop) -> None:
    answer = ask(shop, "yellow shirt", n=1)
    for _ in range(7):
        answer = ask(shop, "darker", answer, n=1)
    assert answer.asked.lab is not None and answer.asked.lab[0] == 8 and answer.pictures[0].rgb.startswith("#")


def test_words_with_nothing_to_draw_are_told_what_there_is(shop: OpenShop) -> None:
    with pytest.raises(NothingToDraw, match="Nothing that can be drawn") as refused:
        ask(shop, "xqzt")
    assert "Shirts" in refused.value.allowed and "Women" in refused.value.allowed
    for words in ("red bicycle", "darker", "another one"):
        with pytest.raises(NothingToDraw):
            ask(shop, words)
    with pytest.raises(NothingToDraw, match="what shall be otherwise"):
        ask(shop, "xqzt", ask(shop, "shirt", n=1))


def test_a_turn_without_pictures_is_told_where_they_go(shop: OpenShop) -> None:
    with pytest.raises(NothingToDraw) as refused:
        ask(shop, "darker")
    assert "--before state.json" in refused.value.next_step


def test_states_that_do_not_fit_are_refused(shop: OpenShop) -> None:
    first = ask(shop, "shirt", n=2)
    with pytest.raises(RequestInvalid, match="picture 7"):
        ask(shop, "like the 7", first)
    state = first.state.model_dump(mode="json")
    for wrong, match in (
        (state | {"version": "other"}, "generator"),
        (state | {"recipes": [state["recipes"][0] | {"type": "Bombs"}]}, "'Bombs'"),
        (state | {"asked": state["asked"] | {"gender": "Cats"}}, "'Cats'"),
    ):
        with pytest.raises(RequestInvalid, match=match):
            imagine(shop, ImagineRequest.model_validate({"words": "darker", "before": wrong}))


def test_a_shop_may_have_no_generator_or_its_own(tmp_path: Path, ships: Callable[..., None]) -> None:
    ships(rescue=Rescue.fresh(rng=np.random.default_rng(0)), product=None)
    with OpenShop.open(tmp_path / "shop") as shop, pytest.raises(ModelMissing, match="no generator"):
        ask(shop, "shirt")
    own = tmp_path / "own"
    own.mkdir()
    generator(seed=2).save(own)
    (tmp_path / "shop" / "bottega.toml").write_text(f'product_model = "{own}"\n')
    with OpenShop.open(tmp_path / "shop") as shop:
        assert ask(shop, "shirt", n=1).version == "fresh-2"
    (tmp_path / "shop" / "bottega.toml").write_text(f'product_model = "{tmp_path / "nowhere"}"\n')
    with OpenShop.open(tmp_path / "shop") as shop, pytest.raises(ModelMissing, match="nowhere"):
        ask(shop, "shirt")
