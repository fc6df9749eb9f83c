"""Judging the models in use: figures of an eye and a parser whose answers are known, and what cannot be judged."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from bottega.actions.vision.evaluate_vision import evaluate_vision
from bottega.actions.vision.shapes import EvaluateVisionAnswer, EvaluateVisionRequest
from bottega.datasets.photos.catalogue import PhotoCatalogue
from bottega.datasets.photos.kept_aside import lines_split
from bottega.datasets.photos.masks import LABELS, PARTS, LabelMap
from bottega.datasets.photos.reading import Photo
from bottega.errors import SourceUnreadable
from bottega.models.vision.eye.looks import Looks
from bottega.progress import Progress, silent
from bottega.serving.cli.main import app
from bottega.shop.folder import ShopFolder
from bottega.shop.open_shop import OpenShop

COLUMNS = ("id", "gender", "masterCategory", "subCategory", "articleType", "baseColour", "usage", "productDisplayName")
COLOURS = ("Red", "Green", "Blue")
LINES = 12


class Gendered:
    """The eye of blocks, which takes everything for a woman's."""

    def __init__(self, eye: Any) -> None:
        self._eye = eye
        self.heads = eye.heads | {"gender": ("Men", "Women")}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._eye, name)

    def look(self, photos: Sequence[Photo], *, progress: Progress = silent) -> Looks:
        seen = self._eye.look(photos)
        women = np.tile(np.array([0.2, 0.8], dtype=np.float32), (len(photos), 1))
        return Looks(seen.vectors, seen.probabilities | {"gender": women}, seen.words)


def red_is_upper(photo: Photo) -> LabelMap:
    return np.where(photo[:, :, 0] > 150, PARTS.index("upper"), 0).astype(np.uint8)


@pytest.fixture
def data(tmp_path: Path, photo_of: Callable[[str, str], bytes]) -> Path:
    """Twelve lines of two shapes in three colours, every fourth of them said to be the other shape; and ten people."""
    folder = tmp_path / "data"
    (folder / "fashion" / "images").mkdir(parents=True)
    with (folder / "fashion" / "styles.csv").open("w", newline="") as stream:
        written = csv.writer(stream)
        written.writerow(COLUMNS)
        for line in range(LINES):
            shape = ("Belts", "Trousers")[line % 2]
            said = ("Trousers", "Belts")[line % 2] if line % 4 == 0 else shape
            for colour in COLOURS:
                name = f"{line}-{colour}"
                (folder / "fashion" / "images" / f"{name}.png").write_bytes(photo_of(shape, colour))
                sub = {"Belts": "Belts", "Trousers": "Bottomwear"}[shape]
                written.writerow([name, "Women", "Apparel", sub, said, colour, "Casual", f"{colour} thing {line}"])
    for kind in ("photos", "masks"):
        (folder / "parsing" / kind).mkdir(parents=True)
    for person in range(10):
        photo = np.full((60, 40, 3), 20, np.uint8)
        mask = np.zeros((60, 40), np.uint8)
        photo[10:40, 10:30], mask[10:40, 10:30] = (230, 30, 30), LABELS.index("shirt")
        Image.fromarray(photo).save(folder / "parsing" / "photos" / f"{person}.jpg", quality=95)
        Image.fromarray(mask).save(folder / "parsing" / "masks" / f"{person}.png")
    return folder


@pytest.fixture
def judge(
    shop: ShopFolder, data: Path, eye: Any, plain_parts: Any, ships: Callable[..., None]
) -> Callable[..., EvaluateVisionAnswer]:
    ships(eye=Gendered(eye), parts=plain_parts(red_is_upper), words=None)

    def run(**asked: object) -> EvaluateVisionAnswer:
        return evaluate_vision(OpenShop(shop), EvaluateVisionRequest.model_validate({"data": data, **asked}))

    return run


def measures(answer: EvaluateVisionAnswer, ability: str) -> dict[str, Any]:
    return next(model.measures for model in answer.models if model.ability == ability)


def test_figures_are_those_of_the_truth(judge: Callable[..., EvaluateVisionAnswer]) -> None:
    answer = judge(whole=True, sample=1000)
    seen = measures(answer, "eye")
    assert seen["products"] == 3 * LINES and seen["type_top1"] == 0.75, "every fourth line is said to be what it is not"
    assert seen["subcategory_top1"] == seen["colour_top1"] == seen["gender_top1"] == 1.0
    parts = measures(answer, "parts")
    assert parts["photos"] == 10 and parts["iou_upper"] > 0.9 and parts["pixel_accuracy"] > 0.97
    assert {model.origin for model in answer.models} == {"shipped"}


def test_only_what_training_keeps_aside_is_judged_unless_all_is_asked_for(
    judge: Callable[..., EvaluateVisionAnswer], data: Path
) -> None:
    answer = judge(sample=1000)
    aside = int(lines_split(PhotoCatalogue.read(data / "fashion"))[1].sum())
    assert 0 < measures(answer, "eye")["products"] == aside < 3 * LINES
    assert measures(answer, "parts")["photos"] == 2
    assert measures(judge(whole=True, sample=6), "parts")["photos"] == 6


def test_what_cannot_be_judged_is_named_with_its_reason(
    judge: Callable[..., EvaluateVisionAnswer], data: Path, eye: Any, ships: Callable[..., None]
) -> None:
    left = {one.ability: one.why for one in judge(sample=5).left_out}
    assert "No words fit" in left["words"] and "sample" in left["outfits"] and set(left) == {"words", "outfits"}
    ships(eye=eye)
    (data / "parsing").rename(data / "other")
    left = {one.ability: one.why for one in judge().left_out}
    assert "does not tell gender" in left["eye"] and "parsing is not there" in left["parts"]
    (data / "fashion").rename(data / "more")
    with pytest.raises(SourceUnreadable, match=r"nothing to judge by.*fashion/.*parsing/"):
        judge()


def test_the_command_prints_tables_or_one_object(
    judge: Callable[..., EvaluateVisionAnswer], shop: ShopFolder, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("BOTTEGA_DATA", raising=False)
    asked = ["evaluate", "vision", "--shop", str(shop.root), "--whole", "--sample", "1000"]
    told = CliRunner().invoke(app, [*asked, "--data", str(data)])
    assert told.exit_code == 0 and "type_top1" in told.output and "0.750" in told.output
    assert "words was not judged" in told.output
    said = CliRunner().invoke(app, [*asked, "--json"], env={"BOTTEGA_DATA": str(data)})
    answer = json.loads(said.stdout)
    assert [model["ability"] for model in answer["models"]] == ["eye", "parts"]
    assert answer["models"][0]["measures"]["type_top1"] == 0.75
    nothing = CliRunner().invoke(app, asked)
    assert nothing.exit_code == 2 and "--data" in nothing.output
