"""`bottega evaluate studio`: fences of drawn products, a generator beside them, sheets, and folders without photos."""

from __future__ import annotations

import csv
import json
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from bottega.actions.studio.judged import evaluate_studio as action
from bottega.actions.studio.judged.evaluate_studio import evaluate_studio
from bottega.actions.studio.judged.shapes import EvaluateStudioRequest
from bottega.datasets.photos.provenance import SourceType, source_type_of
from bottega.errors import SourceUnreadable
from bottega.evaluation.studio_figures import FENCES, KEYS
from bottega.models.judge.judge import Judge
from bottega.serving.cli.main import app
from bottega.shop.folder import ShopFolder
from bottega.shop.open_shop import OpenShop

COLUMNS = ("id", "gender", "masterCategory", "subCategory", "articleType", "baseColour", "usage", "productDisplayName")
COLOURS = {"Red": (200, 30, 30), "Green": (30, 160, 60), "Blue": (40, 60, 190)}


def drawn(shape: str, colour: str, place: int = 0) -> bytes:
    """A flat block for a belt, a tall one for trousers, somewhere on white."""
    photo = np.full((64, 48, 3), 255, np.uint8)
    down, right = {"Belts": (12, 36), "Trousers": (48, 16)}[shape]
    top, left = 4 + place % 9, 4 + place % 7
    photo[top : top + down, left : left + right] = COLOURS[colour]
    held = BytesIO()
    Image.fromarray(photo).save(held, "PNG")
    return held.getvalue()


def shop_in(folder: Path) -> Path:
    """An empty shop."""
    with ShopFolder.open(folder / "shop"):
        return folder / "shop"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """160 lines of belts and trousers."""
    folder = tmp_path / "data"
    (folder / "fashion" / "images").mkdir(parents=True)
    with (folder / "fashion" / "styles.csv").open("w", newline="") as stream:
        written = csv.writer(stream)
        written.writerow(COLUMNS)
        for line in range(160):
            shape, colour = ("Belts", "Trousers")[line % 2], list(COLOURS)[line % 3]
            (folder / "fashion" / "images" / f"{line}.png").write_bytes(drawn(shape, colour, line))
            written.writerow([line, "Women", "Apparel", shape, shape, colour, "Casual", f"{colour} thing {line}"])
    return folder


@pytest.fixture(autouse=True)
def judged(monkeypatch: pytest.MonkeyPatch) -> None:
    """A judge that was taught nothing stands in for the shipped one; a generator draws every product alike."""
    classes = {"type": ("Belts", "Trousers"), "color": tuple(COLOURS), "gender": ("Men", "Women")}
    fresh = Judge.fresh(classes, rng=np.random.default_rng(0))
    monkeypatch.setattr(Judge, "shipped", classmethod(lambda cls: fresh))
    monkeypatch.setattr(action, "MAKERS", {"grey": lambda bench: np.full_like(bench.asked.photos, 128)})


def test_generators_stand_between_their_fences(data: Path, tmp_path: Path) -> None:
    with OpenShop.open(shop_in(tmp_path)) as opened:
        answer = evaluate_studio(opened, EvaluateStudioRequest(data=data, sample=12, sheets=tmp_path / "sheets"))
    assert answer.judge == "fresh" and answer.photos == 12 and answer.learnt > 100
    assert [one.name for one in answer.sets] == ["grey", *FENCES]
    assert [one.generated for one in answer.sets] == [True] + [False] * len(FENCES)
    found = {one.name: one for one in answer.sets}
    assert tuple(found["grey"].measures) == KEYS
    low, high = found["grey"].around["kid_by_hand"]
    assert low <= found["grey"].measures["kid_by_hand"] <= high
    assert found["other photos"].measures["kid_by_hand"] < found["grey"].measures["kid_by_hand"]
    written = sorted(path.name for path in (tmp_path / "sheets").iterdir())
    assert written == sorted(f"{name.replace(' ', '_')}.webp" for name in found)
    made = (tmp_path / "sheets" / "grey.webp").read_bytes()
    assert source_type_of(made) is SourceType.GENERATED, "what was generated says so in its file"
    assert source_type_of((tmp_path / "sheets" / "other_photos.webp").read_bytes()) is None
    with Image.open(tmp_path / "sheets" / "grey.webp") as drawn:
        assert drawn.size == (10 * 68 - 4, 2 * 68 - 4)


def test_the_command_says_it_as_a_table_and_as_json(data: Path, tmp_path: Path) -> None:
    shop_in(tmp_path)
    line = ["evaluate", "studio", "--shop", str(tmp_path / "shop"), "--data", str(data), "--sample", "12"]
    shown = CliRunner().invoke(app, line)
    assert shown.exit_code == 0, shown.output
    assert "blurred by 1 px" in shown.output and "memorised" in shown.output
    told = json.loads(CliRunner().invoke(app, [*line, "--json"]).stdout)
    assert told["photos"] == 12 and {one["name"] for one in told["sets"]} == {"grey", *FENCES}


@pytest.mark.parametrize("asked", [[], ["--data", "nowhere"]])
def test_without_photos_it_says_what_it_needs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked: list[str]
) -> None:
    monkeypatch.delenv("BOTTEGA_DATA", raising=False)
    shop_in(tmp_path)
    done = CliRunner().invoke(app, ["evaluate", "studio", "--shop", str(tmp_path / "shop"), *asked])
    assert (
        isinstance(done.exception, SystemExit)
        and done.exit_code
        and "BOTTEGA_DATA" in done.output
        and "fashion/" in done.output
    )


def test_too_few_photos_are_no_measure(tmp_path: Path) -> None:
    images = tmp_path / "data" / "fashion" / "images"
    images.mkdir(parents=True)
    rows = [",".join(COLUMNS)]
    for line in range(30):
        (images / f"{line}.png").write_bytes(drawn("Belts", "Red"))
        rows.append(f"{line},Women,Apparel,Belts,Belts,Red,Casual,thing {line}")
    (images.parent / "styles.csv").write_text("\n".join(rows))
    with OpenShop.open(shop_in(tmp_path)) as opened, pytest.raises(SourceUnreadable, match="At least 20 are needed"):
        evaluate_studio(opened, EvaluateStudioRequest(data=tmp_path / "data"))
