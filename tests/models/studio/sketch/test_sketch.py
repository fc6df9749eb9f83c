"""From a drawing to a product: drawings of photos, of hands, of users; what the network learns; its files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image, ImageDraw

from bottega.datasets.photos.line_drawings import LINE_WAYS, LineWay, line_drawing
from bottega.datasets.photos.reading import Photo
from bottega.errors import ModelFileBroken
from bottega.models.blocks.checkpoint import Checkpoint
from bottega.models.blocks.course import Course
from bottega.models.blocks.game import GameSchedule
from bottega.models.studio.sketch.drawings import HandTremor, hand_drawn
from bottega.models.studio.sketch.network import SketchNetwork, SketchShape
from bottega.models.studio.sketch.sketch import PX, SketchConfig, Sketcher
from bottega.models.studio.sketch.training import SketchLessons, SketchTraining, fit_sketch
from bottega.names import BoolArray

SMALL = SketchShape(types=2, widths=(16, 16, 16), request=16)


def box(colour: tuple[int, int, int], *, left: int = 16, right: int = 48, top: int = 20) -> Photo:
    canvas = Image.new("RGB", (PX, PX), "white")
    ImageDraw.Draw(canvas).rectangle((left, top, right, 66 - top), fill=colour)
    return np.asarray(canvas)


def edge_of(photo: Photo) -> BoolArray:
    inside = photo.min(2) < 128
    padded = np.pad(inside, 1)
    core = padded[:-2, 1:-1] & padded[2:, 1:-1] & padded[1:-1, :-2] & padded[1:-1, 2:]
    return np.asarray(inside & ~core, np.bool_)


def near(one: BoolArray, other: BoolArray, px: int = 2) -> float:
    """Share of the one that lies within so many pixels of the other."""
    rows, columns = np.nonzero(other)
    away = [np.hypot(rows - row, columns - column).min() for row, column in np.argwhere(one)]
    return float((np.array(away) <= px).mean())


@pytest.mark.parametrize("way", [way for way in LINE_WAYS if way != "ink"])
def test_lines_lie_where_the_product_ends(way: LineWay) -> None:
    photo = box((40, 60, 120))
    found, edge = line_drawing(photo, way), edge_of(photo)
    assert near(edge, found) > 0.9 and near(found, edge) > 0.9
    assert not line_drawing(np.full((PX, PX, 3), 250, np.uint8), way).any()


def test_ink_draws_dark_strokes_of_one_pixel() -> None:
    canvas = Image.new("RGB", (PX, PX), "white")
    ImageDraw.Draw(canvas).line((10, 32, 54, 32), fill="black", width=3)
    found = line_drawing(np.asarray(canvas), "ink")
    assert found[30:35, 12:52].any(0).all() and found[:, 20:44].sum(0).max() == 1
    assert not found[:26].any() and not found[39:].any()


def test_a_hand_keeps_near_the_lines_and_draws_another_each_time() -> None:
    lines = torch.from_numpy(np.stack([edge_of(box((0, 0, 0)))] * 8).astype(np.float32))[:, None]
    random = torch.Generator().manual_seed(0)
    found = hand_drawn(lines, HandTremor(), random=random)[:, 0].numpy() > 0.5
    for one in found:
        assert near(one, lines[0, 0].numpy() > 0, px=4) == 1.0 and one.sum() > 30
    assert len({one.tobytes() for one in found}) == 8
    still = hand_drawn(lines, HandTremor(wobble=0, missing=0, thick=0), random=random)[0, 0].numpy() > 0.5
    assert near(still, lines[0, 0].numpy() > 0, px=1) == near(lines[0, 0].numpy() > 0, still, px=1) == 1.0


def lessons() -> SketchLessons:
    """Boxes of two types, narrow and wide, in red and blue."""
    kinds = [(26, 38), (22, 42)]
    colours = [((190, 40, 40), (43.0, 58.0, 36.0)), ((40, 60, 180), (32.0, 30.0, -62.0))]
    made = [
        (1 + k, colour, box(colour[0], left=kind[0], right=kind[1], top=27))
        for k, kind in enumerate(kinds)
        for colour in colours
    ]
    photos = np.stack([photo for _, _, photo in made])
    drawings = np.packbits(np.stack([edge_of(photo).reshape(1, -1) for photo in photos]), axis=2)
    return SketchLessons(
        photos, drawings, np.array([k for k, _, _ in made]), np.array([lab for _, (_, lab), _ in made], np.float32)
    )


@pytest.mark.parametrize("critic", [0.0, 0.02])
def test_it_comes_nearer_to_the_photos_that_were_drawn(critic: float) -> None:
    given, network = lessons(), SketchNetwork(SMALL)
    drawings = np.unpackbits(given.drawings[:, 0], axis=1).reshape(-1, PX, PX).astype(np.float32)

    def error() -> float:
        drawn = Sketcher(SketchConfig(("narrow", "wide"), "t", SMALL), network).draw(drawings, given.types, given.lab)
        return float(np.abs(drawn.astype(int) - given.photos).mean())

    before = error()
    quick = GameSchedule((6e-3, 1e-3), (0.5, 0.99), warmup_steps=5, average=0.9, penalty=(0.05, 0.05), penalty_every=8)
    config = SketchTraining(batch_size=4, critic=critic, schedule=quick)
    fit_sketch(network, given, rng=np.random.default_rng(0), config=config, course=Course(60))
    assert error() < 0.5 * before


def test_a_training_that_was_stopped_goes_on(tmp_path: Path) -> None:
    def trained(steps: int) -> SketchNetwork:
        torch.manual_seed(3)
        rng = np.random.default_rng(0)
        checkpoint = Checkpoint(tmp_path / "training.pt", rng=rng, every_s=0.0)
        config = SketchTraining(batch_size=2, critic=0.02)
        course = Course(steps)
        return fit_sketch(SketchNetwork(SMALL), lessons(), rng=rng, config=config, course=course, checkpoint=checkpoint)

    trained(3)
    went_on = trained(6)
    assert (tmp_path / "training.pt").exists()
    found = torch.load(tmp_path / "training.pt", weights_only=True)
    assert found["step"] == 6 and all(torch.isfinite(value).all() for value in went_on.state_dict().values())


def test_files_give_the_same_pictures(tmp_path: Path) -> None:
    torch.manual_seed(0)
    whole = Sketcher(SketchConfig(("narrow", "wide"), "t", SMALL), SketchNetwork(SMALL))
    drawings = np.stack([edge_of(box((0, 0, 0), right=right)) for right in (30, 50)]).astype(np.float32)
    whole.save(tmp_path)
    again = Sketcher.load(tmp_path)
    both = again.draw(drawings, np.array([1, 0]))
    assert again.types == ("narrow", "wide") and both.shape == (2, PX, PX, 3)
    assert np.abs(both.astype(int) - whole.draw(drawings, np.array([1, 0]))).max() <= 2, "float16 on the disk"
    assert np.abs(both[1].astype(int) - again.draw(drawings[1:])[0]).max() <= 1, "alone as among others"
    (tmp_path / "model.json").write_text("{}")
    with pytest.raises(ModelFileBroken):
        Sketcher.load(tmp_path)
