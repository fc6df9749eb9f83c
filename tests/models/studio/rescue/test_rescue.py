"""Rescue: tiles join, letters stay the mean answer's, files come back, and training learns."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from bottega.datasets.photos.degraded import shrunk
from bottega.datasets.photos.drawn import draw_photos
from bottega.datasets.photos.reading import Photo
from bottega.errors import ModelFileBroken
from bottega.models.blocks.checkpoint import Checkpoint
from bottega.models.studio.rescue.material import SharpPhotos, draw_pairs
from bottega.models.studio.rescue.network import RescueNetwork, RescueShape
from bottega.models.studio.rescue.rescue import Rescue, RescueConfig
from bottega.models.studio.rescue.training import RescueTraining, fit_likely, fit_mean

SMALL = RescueShape(8, 2)
LITTLE = RescueTraining(mean_steps=150, likely_steps=12, side=48, twice=4, fourfold=4)


def material() -> SharpPhotos:
    return SharpPhotos({"drawn": list(draw_photos(30, 96, seed=1).photos)}, {"drawn": 1.0})


def psnr(one: Photo, other: Photo) -> float:
    return float(10 * np.log10(255**2 / np.square(one.astype(float) - other).mean()))


@pytest.fixture(scope="module")
def learnt() -> RescueNetwork:
    torch.manual_seed(0)
    network = RescueNetwork(SMALL)
    return fit_mean(network, material(), rng=np.random.default_rng(0), config=LITTLE)


@pytest.mark.parametrize("factor", [2, 4])
def test_an_untrained_network_is_near_to_bicubic(factor: int) -> None:
    photo = draw_photos(1, 64, seed=2).photos[0]
    rescue = Rescue.fresh(rng=np.random.default_rng(0))
    size = (factor * 64, factor * 64)
    found = rescue.enlarged(photo, factor)
    assert found.shape == (*size, 3)
    assert psnr(found, np.array(Image.fromarray(photo).resize(size, Image.Resampling.BICUBIC))) > 30


def test_tiles_leave_no_seam(learnt: RescueNetwork, monkeypatch: pytest.MonkeyPatch) -> None:
    photo = np.random.default_rng(0).integers(0, 255, (70, 90, 3)).astype(np.uint8)
    rescue = Rescue(RescueConfig("1", SMALL), learnt)
    whole = rescue.enlarged(photo, 2)
    monkeypatch.setattr("bottega.models.studio.rescue.rescue._TILE_PX", 32)
    assert np.abs(rescue.enlarged(photo, 2).astype(int) - whole).max() <= 1


def test_training_beats_bicubic_on_what_it_never_saw(learnt: RescueNetwork) -> None:
    rescue, gains = Rescue(RescueConfig("1", SMALL), learnt), []
    for photo in draw_photos(8, 96, seed=9).photos:
        small = shrunk(photo, 2)
        plain = np.array(Image.fromarray(small).resize((96, 96), Image.Resampling.BICUBIC))
        gains.append(psnr(rescue.enlarged(small, 2, way="mean"), photo) - psnr(plain, photo))
    assert np.mean(gains) > 0.3


def test_letters_are_never_made_up(learnt: RescueNetwork) -> None:
    """Wherever there is print the likely answer is the mean one, to the bit."""
    inventive = RescueNetwork(SMALL)
    with torch.no_grad():
        for parameter in inventive.twice.parameters():
            parameter.fill_(0.3)
    rescue = Rescue(RescueConfig("1", SMALL), learnt, inventive)
    photo = np.full((80, 80, 3), 200, np.uint8)
    rng = np.random.default_rng(0)
    photo[20:50, 10:60] = np.where(rng.random((30, 50, 1)) < 0.4, 20, 230)
    mean, likely = rescue.enlarged(photo, 2, way="mean"), rescue.enlarged(photo, 2)
    np.testing.assert_array_equal(likely[44:96, 24:116], mean[44:96, 24:116])
    assert np.abs(likely[130:].astype(int) - mean[130:]).mean() > 20, "elsewhere it is the likely answer"


def test_cleaning_keeps_the_size(learnt: RescueNetwork) -> None:
    photo = draw_photos(1, 80, seed=4).photos[0][:70]
    assert Rescue(RescueConfig("1", SMALL), learnt).cleaned(photo).shape == photo.shape


def test_the_likely_answer_is_learnt_from_the_mean_one(learnt: RescueNetwork, tmp_path: Path) -> None:
    network = RescueNetwork(SMALL)
    network.load_state_dict(learnt.state_dict())
    rng = np.random.default_rng(1)
    checkpoint = Checkpoint(tmp_path / "likely.pt", rng=rng, every_s=0)
    fit_likely(network, material(), rng=rng, config=LITTLE, checkpoint=checkpoint)
    before, after = learnt.state_dict(), network.state_dict()
    moved = [float((after[name] - before[name]).abs().max()) for name in after]
    assert 0 < max(moved) < 0.5 and checkpoint.path.exists()


def test_files_come_back(learnt: RescueNetwork, tmp_path: Path) -> None:
    rescue = Rescue(RescueConfig("7", SMALL), learnt, learnt)
    rescue.save(tmp_path)
    found = Rescue.load(tmp_path)
    assert found.version == "7" and found.likely is not None and found.config == rescue.config
    photo = draw_photos(1, 40, seed=6).photos[0]
    assert np.abs(found.enlarged(photo, 4).astype(int) - rescue.enlarged(photo, 4)).max() <= 1
    (tmp_path / "arrays.npz").write_bytes(b"nothing")
    with pytest.raises(ModelFileBroken, match="missing or damaged"):
        Rescue.load(tmp_path)


def test_a_lesson_is_a_pair() -> None:
    pairs = draw_pairs(material(), 3, 48, 4, clean=0.5, rng=np.random.default_rng(0))
    assert pairs.small.shape == (3, 3, 12, 12) and pairs.large.shape == (3, 3, 48, 48)
    assert float(pairs.small.min()) >= 0 and float(pairs.large.max()) <= 1
