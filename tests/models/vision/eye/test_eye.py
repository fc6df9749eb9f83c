"""The eye: shapes, chances, files; and that training teaches it what coloured shapes are."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bottega.errors import ModelFileBroken
from bottega.models.vision.eye.config import TrunkConfig
from bottega.models.vision.eye.eye import Eye
from bottega.models.vision.eye.fitting import fit_eye
from bottega.models.vision.eye.material import Known, gather
from bottega.models.vision.eye.tasks import TASKS
from bottega.models.vision.eye.training import Sampler, Training

SMALL = Training(
    epochs=20,
    learning_rate=4e-3,
    batch_size=32,
    sizes=((0.5, 24), (0.5, 32)),
    on_street=0.0,
    trunk=TrunkConfig(widths=(8, 16, 16, 32), blocks=(1, 1, 1, 1), colours=16, drop_path=0.0, dropout=0.0),
)
COLOURS = {"Red": (200, 30, 30), "Green": (30, 160, 40), "Blue": (30, 50, 200)}


def shapes(count: int, seed: int) -> Known:
    """Discs and bars on white, in three colours; a line is a shape of one size, in every colour."""
    rng = np.random.default_rng(seed)
    photos = np.full((count, 40, 40, 3), 255, dtype=np.uint8)
    types, colours, lines = [], [], []
    y, x = np.mgrid[0:40, 0:40]
    for i in range(count):
        size = int(rng.integers(6, 14))
        kind = ("Disc", "Bar")[int(rng.integers(2))]
        name = list(COLOURS)[int(rng.integers(3))]
        inside = np.hypot(x - 20, y - 20) < size if kind == "Disc" else (abs(x - 20) < 3) & (abs(y - 20) < size)
        photos[i][inside] = COLOURS[name]
        types.append(kind)
        colours.append(name)
        lines.append(size * 2 + (kind == "Bar"))
    labels = {"type": types, "color": colours, "category": ["Round" if kind == "Disc" else "Long" for kind in types]}
    words = [frozenset({kind.lower(), "thing"}) for kind in types]
    return Known("catalogue", photos, "product", labels, {"words": words}, np.array(lines, np.int32))


@pytest.fixture(scope="module")
def trained() -> Eye:
    return fit_eye(
        [shapes(260, 0)],
        marks={"words": ("disc", "bar")},
        rng=np.random.default_rng(0),
        version="test",
        config=SMALL,
    )


def test_it_learns_shapes_and_colours(trained: Eye) -> None:
    fresh = shapes(60, 9)
    looks = trained.look(list(fresh.photos))
    for head in ("type", "color", "category"):
        names = np.array(trained.heads[head])
        said = names[looks.probabilities[head].argmax(1)]
        assert (said == np.array(fresh.labels[head])).mean() > 0.9, head
    disc = trained.words.index("disc")
    assert ((looks.words[:, disc] > 0.5) == (np.array(fresh.labels["type"]) == "Disc")).mean() > 0.9


def test_it_is_calibrated_on_what_it_did_not_learn_from(trained: Eye) -> None:
    assert set(trained.config.temperatures) == {"type", "color", "category"}
    assert all(share > 0.9 for share in trained.config.kept_aside.values())
    assert trained.config.image_px in {16, 32} and trained.thresholds == {}  # 16 photos are too few for thresholds


def test_chances_sum_to_one_and_vectors_have_unit_length(trained: Eye) -> None:
    looks = trained.look(list(shapes(5, 3).photos))
    for head, chances in looks.probabilities.items():
        assert chances.shape == (5, len(trained.heads[head]))
        np.testing.assert_allclose(chances.sum(1), 1, atol=1e-4)
    np.testing.assert_allclose(np.linalg.norm(looks.vectors, axis=1), 1, atol=1e-5)


def test_a_photo_seen_alone_or_among_others_is_the_same(trained: Eye) -> None:
    photos = list(shapes(7, 4).photos)
    together = trained.look(photos)
    np.testing.assert_allclose(trained.look(photos[3:4]).vectors[0], together.vectors[3], atol=2e-2)


def test_saved_and_read_again_it_sees_the_same(trained: Eye, tmp_path: Path) -> None:
    trained.save(tmp_path)
    again = Eye.load(tmp_path)
    photos = list(shapes(6, 5).photos)
    assert again.heads == trained.heads and again.words == trained.words and again.version == "test"
    np.testing.assert_allclose(again.look(photos).vectors, trained.look(photos).vectors, atol=2e-2)


def test_a_broken_folder_says_so(trained: Eye, tmp_path: Path) -> None:
    trained.save(tmp_path)
    header = json.loads((tmp_path / "model.json").read_text())
    del header["config"]["trunk"]
    (tmp_path / "model.json").write_text(json.dumps(header))
    with pytest.raises(ModelFileBroken, match="not whole"):
        Eye.load(tmp_path)


def test_no_photos_give_empty_looks(trained: Eye) -> None:
    looks = trained.look([])
    assert looks.vectors.shape == (0, 128) and looks.probabilities["type"].shape == (0, 2) and len(looks) == 0


def test_going_on_from_an_eye_keeps_what_it_knows(trained: Eye) -> None:
    short = Training(epochs=1, batch_size=32, sizes=((1.0, 32),), on_street=0.0, learning_rate=1e-5)
    more = fit_eye(
        [shapes(80, 6)],
        marks={"words": ("disc", "bar")},
        rng=np.random.default_rng(0),
        version="more",
        config=short,
        start=trained,
    )
    fresh = shapes(40, 10)
    said = np.array(more.heads["type"])[more.look(list(fresh.photos)).probabilities["type"].argmax(1)]
    assert (said == np.array(fresh.labels["type"])).mean() > 0.85


def test_two_sets_teach_one_head_of_words() -> None:
    rng = np.random.default_rng(0)
    material = gather(
        [shapes(40, 1), replace(shapes(30, 2), name="drawn", groups=None)], marks={"words": ("disc", "bar")}
    )
    sampler = Sampler(material.sets, TASKS, Training(batch_size=20), rng)
    sampler.resize(24)
    batch = sampler.draw()
    rows, marks = batch.marks["words"]
    assert rows.tolist() == list(range(len(batch.views))) and len(marks) == len(rows)
    assert bool((marks.sum(1) == 1).all())


def test_the_same_seed_gives_the_same_eye() -> None:
    short = Training(epochs=1, batch_size=16, sizes=((1.0, 24),), trunk=SMALL.trunk)
    photos = list(shapes(4, 2).photos)
    vectors = [
        fit_eye([shapes(60, 1)], marks={}, rng=np.random.default_rng(3), version="s", config=short, tasks=TASKS)
        .look(photos)
        .vectors
        for _ in range(2)
    ]
    np.testing.assert_array_equal(vectors[0], vectors[1])


def test_a_narrower_table_of_tasks_is_a_narrower_eye() -> None:
    short = Training(epochs=1, batch_size=16, sizes=((1.0, 24),), trunk=SMALL.trunk)
    only = tuple(task for task in TASKS if task.name == "line")
    eye = fit_eye([shapes(60, 1)], marks={}, rng=np.random.default_rng(0), version="l", config=short, tasks=only)
    assert eye.look(list(shapes(2, 0).photos)).vectors.shape == (2, 128)


def test_an_eye_saved_by_version_0_3_has_its_thresholds(trained: Eye, tmp_path: Path) -> None:
    Eye(replace(trained.config, thresholds={"shape": 0.75}), trained.network, trained.implies, trained.second).save(
        tmp_path
    )
    saved = (tmp_path / "model.json").read_text()
    assert '"thresholds"' in saved
    (tmp_path / "model.json").write_text(saved.replace('"thresholds"', '"floors"'))
    assert Eye.load(tmp_path).thresholds == {"shape": 0.75}
