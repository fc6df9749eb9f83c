"""The composer: what may change, lessons that can be undone, a training that learns, pictures that stay otherwise."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from bottega.errors import ModelFileBroken
from bottega.models.blocks.checkpoint import Checkpoint
from bottega.models.blocks.course import Course
from bottega.models.blocks.game import GameSchedule
from bottega.models.studio.composer.as_geometry import as_geometry_leaves_it
from bottega.models.studio.composer.composer import Composer, ComposerConfig
from bottega.models.studio.composer.lessons import BACKGROUND, FramedPeople, framed, without_head
from bottega.models.studio.composer.network import ComposerNetwork, ComposerShape
from bottega.models.studio.composer.style_gan import StyleGan, StyleShape, StyleTraining, fit_style_gan
from bottega.models.studio.composer.training import ComposerTraining, fit_composer
from bottega.models.studio.composer.unsure import FIRST_PIECE, HAIR, SKIN, changed, told_of, unsure

SMALL = ComposerShape((8, 8, 16, 16))


def person(seed: int = 0, size: tuple[int, int] = (48, 64)) -> tuple[np.ndarray, np.ndarray]:
    """A picture of somebody in a shirt with folds and trousers, with long hair, and its layers."""
    width, height = size
    rng = np.random.default_rng(seed)
    layers = np.zeros((height, width), np.uint8)
    layers[6:18, 16:32] = SKIN
    layers[4:30, 14:18] = HAIR
    layers[18:38, 10:38] = FIRST_PIECE
    layers[18:30, 14:18] = HAIR
    layers[38:60, 14:34] = FIRST_PIECE + 2
    photo = np.full((height, width, 3), BACKGROUND, np.float32)
    for code, colour in ((SKIN, (190, 150, 130)), (HAIR, (40, 30, 25)), (FIRST_PIECE, rng.uniform(60, 200, 3)),
                         (FIRST_PIECE + 2, rng.uniform(40, 150, 3))):  # fmt: skip
        photo[layers == code] = colour
    folds = 1 + 0.3 * np.sin(np.arange(width) / 2.5 + rng.uniform(0, 6))[None, :, None]
    photo = np.where((layers >= FIRST_PIECE)[..., None], photo * folds, photo)
    return np.clip(photo, 0, 255).astype(np.uint8), layers


def in_frame(seed: int) -> tuple[np.ndarray, np.ndarray]:
    found = framed(*person(seed), (32, 48))
    assert found is not None
    return found


def restless(seed: int = 0) -> Composer:
    """A composer that wants to change much."""
    torch.manual_seed(seed)
    network = ComposerNetwork(SMALL)
    for layer in (network.shade, network.colours):
        torch.nn.init.normal_(layer.weight, std=0.5)
    return Composer(ComposerConfig(shape=SMALL), network)


def test_only_cloth_and_its_edges_may_change() -> None:
    photo, layers = person()
    where = unsure(layers)
    assert np.array_equal(where.cloth, layers >= FIRST_PIECE)
    assert not where.edge[layers == 0].any(), "the silhouette against the background is geometry's"
    assert where.edge[18, 24] > 0.5 and where.edge[17, 24] > 0.5, "shirt on neck"
    assert where.edge[38, 24] > 0.5, "shirt on trousers"
    assert not where.edge[8, 26], "within a face nothing is unsure"
    made = restless().compose(photo, layers)
    may = where.cloth | (where.edge > 0)
    assert np.array_equal(made[~may], photo[~may])
    assert (made[may] != photo[may]).any(), "the same network does change what may change"


def test_a_wider_band_where_hair_lies_on_cloth() -> None:
    layers = np.full((256, 64), FIRST_PIECE, np.uint8)
    layers[:128] = HAIR
    hair = unsure(layers).edge
    layers[:128] = SKIN
    assert (hair > 0).sum() > 1.5 * (unsure(layers).edge > 0).sum()


def test_shading_leaves_each_piece_as_light_as_it_was_and_its_hue() -> None:
    photo, layers = person()
    _, pieces = told_of(torch.from_numpy(layers)[None])
    pictures = torch.from_numpy(photo).permute(2, 0, 1)[None].float() / 255 * 0.6
    shade = torch.randn(1, 1, *layers.shape)
    none = torch.zeros_like(pictures)
    made = changed(pictures, shade + 0.5, none, pieces, torch.zeros(1, 1, *layers.shape))
    ratio = (made / pictures)[0].log()
    cloth = layers >= FIRST_PIECE
    assert torch.allclose(ratio[0][cloth], ratio[2][cloth], atol=1e-4), "one factor for all colours"
    for code in (FIRST_PIECE, FIRST_PIECE + 2):
        assert abs(float(ratio[0][layers == code].mean())) < 1e-3


def test_an_untaught_network_changes_nothing_and_a_taught_one_answers_alike_twice() -> None:
    photo, layers = person()
    fresh = Composer(ComposerConfig(shape=SMALL), ComposerNetwork(SMALL))
    assert np.array_equal(fresh.compose(photo, layers), photo)
    one = restless()
    assert np.array_equal(one.compose(photo, layers), one.compose(photo, layers))
    bare = np.where(layers >= FIRST_PIECE, SKIN, layers).astype(np.uint8)
    assert np.array_equal(one.compose(photo, bare), photo), "nobody wears anything"


def test_works_at_sizes_it_never_saw() -> None:
    photo, layers = person()
    large, codes = (np.kron(one, np.ones((5, 5, 1)[: one.ndim], np.uint8)) for one in (photo, layers))
    large, codes = large[:301, :217], codes[:301, :217]
    made = restless().compose(large, codes)
    assert made.shape == large.shape and (made != large).any()


def test_geometry_takes_folds_out_and_leaves_the_rest() -> None:
    photo, layers = person()
    where = unsure(layers)
    left = as_geometry_leaves_it(photo, layers, where.edge, np.random.default_rng(0))
    may = where.cloth | (where.edge > 0)
    assert np.allclose(left[~may], photo[~may] / 255)
    inside = np.zeros_like(may)
    inside[24:34, 20:36] = True
    folds = [np.diff(one.mean(2), axis=1)[inside[:, 1:]].std() for one in (photo / 255, left)]
    assert folds[1] < 0.6 * folds[0]


@pytest.mark.slow
def test_learns_to_undo_what_geometry_left() -> None:
    people = [(str(seed), *person(seed)) for seed in range(6)]
    lessons = FramedPeople.of(people, (48, 64))
    # Trousers are always darker at their upper edge: that can be known.
    for photo, parts in zip(lessons.photos, lessons.parts, strict=True):
        rows = parts == FIRST_PIECE + 2
        rows[44:] = False
        photo[rows] = (photo[rows] * 0.4).astype(np.uint8)
    config = ComposerTraining(batch_size=2, critic=0.0, features=0.0)
    network = fit_composer(
        lessons, None, rng=np.random.default_rng(0), shape=SMALL, config=config, course=Course(150), device="cpu"
    )
    composer = Composer(ComposerConfig(shape=SMALL, high_px=64), network)
    rng, before, after = np.random.default_rng(9), [], []
    for photo, parts in zip(lessons.photos, lessons.parts, strict=True):
        left = np.rint(255 * as_geometry_leaves_it(photo, parts, unsure(parts).edge, rng)).astype(np.uint8)
        ours = composer.compose(left, parts)
        before.append(np.abs(left.astype(float) - photo).mean())
        after.append(np.abs(ours.astype(float) - photo).mean())
    assert np.mean(after) < 0.9 * np.mean(before)


def test_a_game_with_drawn_pictures_runs_and_goes_on(tmp_path: Path) -> None:
    lessons = FramedPeople.of([(str(seed), *person(seed)) for seed in range(4)], (48, 64))

    def trained(steps: int) -> Course:
        rng = np.random.default_rng(0)
        course = Course(steps)
        fit_composer(
            lessons, lambda pictures: [pictures], drawn=lessons.take(np.arange(2)), rng=rng, shape=SMALL,
            config=ComposerTraining(batch_size=2, drawn=1), course=course, device="cpu",
            checkpoint=Checkpoint(tmp_path / "note.pt", rng=rng),
        )  # fmt: skip
        return course

    assert trained(2).step == 2
    noted = torch.load(tmp_path / "note.pt", weights_only=True)
    assert noted["step"] == 2
    assert trained(3).step == 3


def test_saved_and_loaded_it_answers_alike(tmp_path: Path) -> None:
    photo, layers = person()
    one = restless()
    one.network.half().float()
    one.save(tmp_path)
    assert np.array_equal(Composer.load(tmp_path).compose(photo, layers), one.compose(photo, layers))
    (tmp_path / "model.json").write_text("{}")
    with pytest.raises(ModelFileBroken):
        Composer.load(tmp_path)


def test_a_frame_holds_who_is_in_a_photo_on_grey_without_a_head() -> None:
    photo, layers = person()
    covered = photo.copy()
    covered[4:16, 14:34] = 7
    left = without_head(covered, photo, layers)
    assert not left[4:16, 14:34].any() and not left[:4].any() and (left[20:, 14:18] == HAIR).any()
    found = framed(photo, left, (24, 36))
    assert found is not None and found[0].shape == (36, 24, 3) and found[1].shape == (36, 24)
    assert (found[0][0] == BACKGROUND).all() and set(np.unique(found[1])) >= {0, FIRST_PIECE, FIRST_PIECE + 2}
    assert framed(photo, np.zeros_like(layers), (24, 36)) is None


def test_the_rival_learns_the_colours_it_is_given(tmp_path: Path) -> None:
    shape = StyleShape(size=(32, 48), noise=8, style=16, widths=(16, 16, 16, 8, 8))
    lessons = FramedPeople.of([(str(seed), *in_frame(seed)) for seed in range(8)], (32, 48))
    rng = np.random.default_rng(0)
    quick = GameSchedule(learning_rate=(5e-3, 2e-3), penalty_every=8, warmup_steps=10, average=0.95)
    rival = fit_style_gan(
        lessons, rng=rng, shape=shape, config=StyleTraining(batch_size=8, schedule=quick), course=Course(100),
        device="cpu", checkpoint=Checkpoint(tmp_path / "rival.pt", rng=rng),
    )  # fmt: skip
    drawn = rival.draw(lessons.photos, lessons.parts, seed=0)
    assert drawn.shape == lessons.photos.shape
    assert np.array_equal(drawn, rival.draw(lessons.photos, lessons.parts, seed=0))
    torch.manual_seed(0)
    untaught = StyleGan(shape).eval().draw(lessons.photos, lessons.parts, seed=0)
    far = [np.abs(one.astype(float) - lessons.photos).mean() for one in (drawn, untaught)]
    assert far[0] < 0.9 * far[1], "after a hundred steps its people are nearer to the photos than those of no step"
