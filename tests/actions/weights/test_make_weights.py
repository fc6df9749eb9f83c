"""Making what ships: who waits for whom, what is kept, what is refused, and that shipping replaces by what was made."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from bottega.actions.weights import make_weights as making
from bottega.actions.weights import studio_recipes
from bottega.actions.weights.make_weights import RECIPES, Order, make_one, make_weights
from bottega.actions.weights.order import Recipe
from bottega.datasets.photos.drawn import draw_photos
from bottega.datasets.photos.masks import PARTS
from bottega.datasets.photos.reading import Photo
from bottega.errors import DeviceMissing, ModelUnknown, SourceUnreadable
from bottega.evaluation import rescue_judged
from bottega.models.blocks.cards import read_card, write_card
from bottega.models.blocks.shipped import weights_of
from bottega.models.judge.judge import Judge
from bottega.models.studio.composer import recipe as composer_recipe
from bottega.models.studio.composer.lessons import BACKGROUND, FramedPeople
from bottega.models.studio.rescue import recipe as rescue_recipe
from bottega.models.studio.rescue.material import SharpPhotos
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


def test_who_waits_for_whom() -> None:
    names = list(RECIPES)
    assert making._ready(names, []) == [
        "eye",
        "parts",
        "judge",
        "turntable",
        "sentiment-floor",
        "word-meanings",
        "reader-floor",
        "matcher",
    ]
    assert making._ready(["words", "outfits"], ["eye", "parts"]) == []
    assert making._ready(["words", "outfits"], ["parts"]) == ["words", "outfits"]
    assert making._ready(["rescue"], ["judge"]) == [], "the judge measures it"
    assert making._ready(["words"], []) == ["words"], "asked for alone, it reads with the eye there is"


def test_what_has_its_card_is_kept_and_reported(order: Order) -> None:
    for name in RECIPES:
        finish(order, name)
    heard: list[str] = []
    done = make_weights(order, report=lambda made: heard.append(made.name))
    assert [one.outcome for one in done] == ["kept"] * len(RECIPES) and heard == list(RECIPES)
    assert done[0].card["measures"] == {"a": 1}


def test_a_recipe_that_fails_is_named_and_the_others_go_on(order: Order) -> None:
    """The data are empty folders: the process of the outfits ends in an error."""
    finish(order, "eye")
    done = {one.name: one.outcome for one in make_weights(order, only=["eye", "outfits"])}
    assert done == {"eye": "kept", "outfits": "failed"}


def test_what_is_refused(order: Order, tmp_path: Path) -> None:
    with pytest.raises(
        ModelUnknown,
        match=r"no recipe nose.*eye, parts, words, upright, outfits, judge, .*key_points, sketch, turntable, composer",
    ):
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
    monkeypatch.setitem(RECIPES, "eye", Recipe(lambda order, folder, progress: heard.append(folder), Path, "vision"))
    make_one("eye", order)
    assert heard == [order.folder("eye")] and heard[0].is_dir()


def test_every_recipe_ships_where_its_model_is_read_from() -> None:
    for name, recipe in RECIPES.items():
        assert read_card(weights_of(recipe.room) / name)["name"] == name
        recipe.load(weights_of(recipe.room) / name)


@pytest.mark.slow
def test_rescue_is_trained_measured_and_carded(order: Order, monkeypatch: pytest.MonkeyPatch) -> None:
    """A tenth of a second each way, on drawn photos in the place of the public ones."""
    photos = [(str(row), photo) for row, photo in enumerate(draw_photos(8, 140, seed=3).photos)]
    drawn = SharpPhotos({"drawn": [photo for _, photo in photos]}, {"drawn": 1.0})
    monkeypatch.setattr(rescue_recipe, "rescue_material", lambda data, seed, progress: drawn)
    for module in (rescue_judged, rescue_recipe):
        for name in ("street_files", "large_photos", "product_files"):
            monkeypatch.setattr(module, name, lambda data: ([], [(name, png_of(photo)) for name, photo in photos]))
    make_one("rescue", Order(order.data, order.build, seconds=0.2, device="cpu"))
    card = read_card(order.folder("rescue"))
    assert (
        card["measures"]["street_kid_mean_judge_x1000"] > 0 and "street_quality_10_over_filter_db" in card["measures"]
    )
    assert set(card["bars"]) >= {"street_gain_db", "street_kid_likely_judge_x1000"}
    assert sorted(path.name for path in order.folder("rescue").iterdir()) == ["arrays.npz", "card.json", "model.json"]
    assert RECIPES["rescue"].load(order.folder("rescue")).version == card["version"]


def png_of(photo: Photo) -> bytes:
    file = BytesIO()
    Image.fromarray(photo).save(file, "PNG")
    return file.getvalue()


def blocks(order: Order, monkeypatch: pytest.MonkeyPatch) -> None:
    """Drawn blocks in the place of the public photos, and a judge that learnt nothing."""
    columns = "id,gender,masterCategory,subCategory,articleType,baseColour,usage,productDisplayName"
    rows = [columns]
    (order.data / "fashion" / "images").mkdir()
    for line in range(140):
        photo = np.full((64, 48, 3), 255, np.uint8)
        photo[4 + line % 9 : 40, 4 + line % 7 : 36] = (200, 30, 30) if line % 2 else (40, 60, 190)
        Image.fromarray(photo).save(order.data / "fashion" / "images" / f"{line}.png")
        colour = "Red" if line % 2 else "Blue"
        rows.append(f"{line},Women,Accessories,Belts,Belts,{colour},Casual,{colour} thing {line}")
    (order.data / "fashion" / "styles.csv").write_text("\n".join(rows))
    classes = {"type": ("Belts", "Bags"), "color": ("Red", "Blue"), "gender": ("Men", "Women")}
    fresh = Judge.fresh(classes, rng=np.random.default_rng(0))
    monkeypatch.setattr(Judge, "shipped", classmethod(lambda cls: fresh))


def test_the_generator_of_products_is_trained_measured_and_carded(
    order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocks(order, monkeypatch)
    make_one("product", Order(order.data, order.build, seconds=0.2, device="cpu"))
    card = read_card(order.folder("product"))
    assert card["measures"]["steps"] >= 1 and card["measures"]["ms"] > 0
    assert {"kid", "kid_of_mean", "recall", "type_of_real", "colour_of_real"} <= set(card["bars"])
    made = sorted(path.name for path in order.folder("product").iterdir() if path.is_file())
    assert made == ["arrays.npz", "card.json", "model.json"]
    assert RECIPES["product"].load(order.folder("product")).names.types == ("Belts",)


def test_the_network_that_fills_drawings_is_trained_measured_and_carded(
    order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocks(order, monkeypatch)
    make_one("sketch", Order(order.data, order.build, seconds=0.2, device="cpu"))
    card = read_card(order.folder("sketch"))
    assert card["measures"]["steps"] >= 1 and 0 < card["measures"]["drawings"] < 140
    assert set(card["bars"]) == {"edge_f1_as_found", "edge_f1_by_hand", "kid_as_found", "kid_by_hand"}
    assert card["bars"]["edge_f1_as_found"]["bar"] > 0.8, "among such blocks the nearest photo fits"
    made = sorted(path.name for path in order.folder("sketch").iterdir() if path.is_file())
    assert made == ["arrays.npz", "card.json", "model.json"]
    assert RECIPES["sketch"].load(order.folder("sketch")).types == ("Belts",)


def test_what_turns_products_is_taught_without_a_photo(order: Order) -> None:
    make_one("turntable", Order(order.data, order.build, seconds=0.2, device="cpu"))
    card = read_card(order.folder("turntable"))
    assert set(card["bars"]) == {"gain_db_10", "gain_db_20", "gain_db_30", "trusted_right"}
    made = sorted(path.name for path in order.folder("turntable").iterdir() if path.is_file())
    assert made == ["arrays.npz", "card.json", "model.json"]
    assert "lathe" in RECIPES["turntable"].load(order.folder("turntable")).config.kinds


def somebody(seed: int, size: tuple[int, int] = (48, 64)) -> tuple[str, Photo, np.ndarray]:
    """Cloth with folds and arms beside it, on grey, and the part of each pixel."""
    width, height = size
    parts = np.zeros((height, width), np.uint8)
    parts[16:40, 8:40], parts[16:52, 14:34] = PARTS.index("skin"), PARTS.index("upper")
    folds = 110 + 50 * np.sin(np.arange(width) / (2 + seed % 3))
    photo = np.where(parts[..., None] > 0, folds[None, :, None], BACKGROUND)
    return str(seed), np.broadcast_to(photo, (height, width, 3)).astype(np.uint8), parts


def test_the_composer_is_trained_measured_and_carded(order: Order, monkeypatch: pytest.MonkeyPatch) -> None:
    """Drawn people in the place of the public photos; twelve worn photos and four outfits are asked for at least."""
    asked: list[tuple[str, bool, int]] = []

    def people(kind: str, held_out: bool, most: int, sizes: list[tuple[int, int]]) -> list[FramedPeople]:
        asked.append((kind, held_out, most))
        return [FramedPeople.of([somebody(seed, size) for seed in range(4)], size) for size in sizes]

    frames = ((48, 64), (32, 48))
    for name, frame in zip(("FRAME", "RIVAL_FRAME"), frames, strict=True):
        monkeypatch.setattr(composer_recipe, name, frame)
    monkeypatch.setattr(studio_recipes, "FRAME", frames[0])
    monkeypatch.setattr(
        composer_recipe, "street_people", lambda data, sizes, held_out, progress: people("street", held_out, 0, sizes)
    )
    monkeypatch.setattr(
        composer_recipe,
        "worn_people",
        lambda data, sizes, parse, held_out, most, progress: people("worn", held_out, most, sizes),
    )
    monkeypatch.setattr(
        composer_recipe,
        "drawn_lessons",
        lambda data, parse, count, frame, seed, progress: FramedPeople.of([somebody(9, frame)] * count, frame),
    )
    make_one("composer", Order(order.data, order.build, seconds=1.0, device="cpu"))
    assert asked == [("street", False, 0), ("worn", False, 12), ("street", True, 0)]
    card = read_card(order.folder("composer"))
    assert card["trained_on"]["drawn"].startswith("4 dressed pictures") and card["measures"]["steps"] >= 1
    assert set(card["bars"]) == {"cloth_gain"} and 0 < card["measures"]["left"] < 1
    made = sorted(path.name for path in order.folder("composer").iterdir() if path.is_file())
    assert made == ["arrays.npz", "card.json", "model.json"]
    composer = RECIPES["composer"].load(order.folder("composer"))
    assert composer.config.version == card["version"]
    steps = card["measures"]["steps"]
    (order.folder("composer") / "card.json").unlink()
    make_one("composer", Order(order.data, order.build, seconds=3.0, device="cpu"))
    assert read_card(order.folder("composer"))["measures"]["steps"] > steps, "it goes on where it was"
    assert len(asked) == 3, "people are read once"
