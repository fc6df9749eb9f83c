"""`bottega evaluate studio`: fences of drawn products, a generator beside them, sheets, and folders without photos."""

from __future__ import annotations

import csv
import json
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from tests.models.studio.products.drawing import SHAPE, SMALL, usual
from typer.testing import CliRunner

from bottega.actions.studio.judged import evaluate_studio as action
from bottega.actions.studio.judged.evaluate_studio import evaluate_studio
from bottega.actions.studio.judged.findings import findings_of
from bottega.actions.studio.judged.shapes import EvaluateStudioRequest, JudgedPictures
from bottega.datasets.photos.asked import AskedNames
from bottega.datasets.photos.provenance import SourceType, source_type_of
from bottega.errors import SourceUnreadable
from bottega.evaluation.studio_figures import FENCES, KEYS
from bottega.models.judge.judge import Judge
from bottega.models.studio.products.autoencoder import Autoencoder
from bottega.models.studio.products.gan import MapGenerator
from bottega.models.studio.products.generator import GeneratorConfig, ProductGenerator
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
    grey = {"grey": lambda bench: np.full_like(bench.asked.photos, 128)}
    monkeypatch.setattr(action, "_with_generator", lambda shop, photos, seed: (photos, grey))


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


def test_the_generator_of_the_shop_is_judged_on_what_it_can_draw(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    monkeypatch.setattr(action, "LEAST_ASIDE", 10)
    classes = {"type": ("Belts", "Trousers"), "color": tuple(COLOURS), "gender": ("Men", "Women")}
    fresh = Judge.fresh(classes, rng=np.random.default_rng(0))
    monkeypatch.setattr(Judge, "shipped", classmethod(lambda cls: fresh))
    names = AskedNames(("Belts",), ("", "Men", "Women"), ("", "Casual"))
    config = GeneratorConfig("gan", names, "of belts", SHAPE, SMALL)
    made = tmp_path / "generator"
    made.mkdir()
    ProductGenerator(config, MapGenerator(SHAPE, names.sizes), Autoencoder(SMALL), usual()).save(made)
    folder = shop_in(tmp_path)
    (folder / "bottega.toml").write_text(f'product_model = "{made}"\n')
    with OpenShop.open(folder) as opened:
        answer = evaluate_studio(opened, EvaluateStudioRequest(data=data, sample=12))
    assert [one.name for one in answer.sets] == ["drawn by of belts", *FENCES]
    assert answer.learnt < 80, "trousers cannot be asked of it"
    assert answer.findings[0].startswith("drawn by of belts: ") and len(answer.findings) == 3


def test_what_the_figures_say() -> None:
    def one(name: str, kid: float, *, generated: bool = False, memorised: float = 0.0) -> JudgedPictures:
        measures = {"kid": kid, "type": 0.6, "color": 0.45, "gender": 0.7, "memorised": memorised}
        return JudgedPictures(name=name, generated=generated, measures=measures, around={}, seconds=1)

    fences = [one("other photos", 0.001), one("blurred by 1 px", 0.07), one("blurred by 2 px", 0.24)]
    fences.append(one("mean of the type", 0.7))
    on_real = {"type": 0.75, "color": 0.65, "gender": 0.8}
    near, asked, copied = findings_of([one("gan", 0.085, generated=True), *fences], on_real)
    assert near.startswith(
        "gan: farther from photos than photos blurred by 1 px (0.070), nearer than photos blurred by 2"
    )
    assert "the type of 60% (of photos 75%), the colour of 45% (of photos 65%)" in asked
    assert "copies nothing" in copied
    worst = findings_of([one("gan", 0.9, generated=True, memorised=0.3), *fences], on_real)
    assert worst[0] == "gan: farther from photos than the mean of the type (0.700) (kid 0.900)."
    assert worst[2].startswith("30.0% lie nearer") and "copies" in worst[2]
    assert "draws no products" in findings_of(fences, on_real)[0]


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
