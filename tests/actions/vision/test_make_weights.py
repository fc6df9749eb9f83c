"""Making what ships: who waits for whom, what is kept, what is refused, and that shipping replaces by what was made."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from bottega.actions.vision import make_weights as making
from bottega.actions.vision.make_weights import RECIPES, Order, make_one, make_weights
from bottega.errors import DeviceMissing, ModelUnknown, SourceUnreadable
from bottega.models.blocks.cards import read_card, write_card
from bottega.models.blocks.shipped import weights_of
from bottega.models.vision.joint_space import JointSpace, JointSpaceConfig


@pytest.fixture
def order(tmp_path: Path) -> Order:
    for name in ("fashion", "parsing"):
        (tmp_path / "data" / name).mkdir(parents=True)
    return Order(tmp_path / "data", tmp_path / "build", seconds=1.0, device="cpu")


def finish(order: Order, name: str, version: str = "x-1") -> None:
    folder = order.folder(name)
    folder.mkdir(parents=True, exist_ok=True)
    write_card(
        folder, name=name, version=version, trained_on={}, split={}, seed=0, train_s=1, device="cpu", measures={"a": 1}
    )


def test_words_and_outfits_wait_for_the_eye_and_the_parser_for_nobody() -> None:
    names = list(RECIPES)
    assert making._ready(names, []) == ["eye", "parts"]
    assert making._ready(["words", "outfits"], ["eye", "parts"]) == []
    assert making._ready(["words", "outfits"], ["parts"]) == ["words", "outfits"]
    assert making._ready(["words"], []) == ["words"], "asked for alone, it reads with the eye there is"


def test_what_has_its_card_is_kept_and_reported(order: Order) -> None:
    for name in RECIPES:
        finish(order, name)
    heard: list[str] = []
    done = make_weights(order, report=lambda made: heard.append(made.name))
    assert [one.outcome for one in done] == ["kept"] * 4 and heard == list(RECIPES)
    assert done[0].card["measures"] == {"a": 1}


def test_a_recipe_that_fails_is_named_and_the_others_go_on(order: Order) -> None:
    """The data are empty folders: the process of the outfits ends in an error."""
    finish(order, "eye")
    done = {one.name: one.outcome for one in make_weights(order, only=["eye", "outfits"])}
    assert done == {"eye": "kept", "outfits": "failed"}


def test_what_is_refused(order: Order, tmp_path: Path) -> None:
    with pytest.raises(ModelUnknown, match=r"no recipe nose.*eye, parts, words, outfits"):
        make_weights(order, only=["nose"])
    (order.data / "parsing").rmdir()
    with pytest.raises(SourceUnreadable, match=r"lacks parsing.*BOTTEGA_DATA"):
        make_weights(order)
    if not torch.cuda.is_available():
        (order.data / "parsing").mkdir()
        with pytest.raises(DeviceMissing):
            make_weights(Order(order.data, order.build, device="cuda"))


def test_the_eye_of_the_build_is_used_where_there_is_one(order: Order) -> None:
    assert order.eye().version == read_card(weights_of("vision") / "eye")["version"], "the shipped one"


def test_shipping_puts_what_was_made_in_the_place_of_the_old(
    order: Order, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "weights_of", lambda room: tmp_path / "package" / room)
    old = tmp_path / "package" / "vision" / "words"
    old.mkdir(parents=True)
    (old / "left.over").write_text("old")
    finish(order, "words", version="eye-9")
    space = JointSpace(JointSpaceConfig(epochs=1))
    space.fit([["red"], ["blue"]] * 8, np.eye(16, 128, dtype=np.float32), rng=np.random.default_rng(0), device="cpu")
    space.save(order.folder("words"))
    (order.folder("words") / "training.pt").write_text("no part of a model")
    making.ship(order.build, ["words"])
    assert sorted(path.name for path in old.iterdir()) == ["arrays.npz", "card.json", "model.json"]
    assert read_card(old)["version"] == "eye-9"
    shipped, made = (JointSpace.load(folder).embed([["red"]]) for folder in (old, order.folder("words")))
    np.testing.assert_array_equal(shipped, made)


def test_one_recipe_is_looked_up_by_name(order: Order, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[Path] = []
    monkeypatch.setitem(RECIPES, "eye", making.Recipe(lambda order, folder, progress: heard.append(folder)))
    make_one("eye", order)
    assert heard == [order.folder("eye")] and heard[0].is_dir()
