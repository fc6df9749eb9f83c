"""The parser: shapes, chances, files, projected regions, lessons; and the shipped weights on people they never saw."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from bottega.datasets.photos.masks import PARTS, PhotoMasks
from bottega.datasets.photos.reading import Photo
from bottega.errors import ModelFileBroken
from bottega.evaluation.parts_figures import judge_clothes
from bottega.evaluation.photo_measures import confusion, intersection_over_union, pixel_accuracy
from bottega.models.blocks.device import CPU
from bottega.models.vision.eye.config import EyeConfig, TrunkConfig
from bottega.models.vision.eye.eye import Eye
from bottega.models.vision.eye.network import EyeNetwork
from bottega.models.vision.parts.fitting import fit_parser
from bottega.models.vision.parts.network import PartsNetwork, PartsShape, connected_regions, project
from bottega.models.vision.parts.parser import Parts, PartsConfig
from bottega.models.vision.parts.shop_lessons import agreed, part_of, shop_material
from bottega.models.vision.parts.training import PartsTraining, parts_loss
from bottega.models.vision.parts.views import ANY_PART, IGNORED, draw_views, pack, paste, plain

TINY = PartsShape((8, 8, 16), (1, 1, 1), 16, 4, (8, 8, 8))


def blocks(count: int, seed: int) -> tuple[list[Photo], list[np.ndarray]]:
    """Grey pictures with a red block (upper) above a blue one (lower)."""
    rng, photos, masks = np.random.default_rng(seed), [], []
    for _ in range(count):
        photo = rng.integers(110, 150, (48, 32, 3)).astype(np.uint8)
        mask = np.zeros((48, 32), np.uint8)
        top, left, wide = int(rng.integers(6, 14)), int(rng.integers(4, 10)), int(rng.integers(12, 18))
        photo[top : top + 14, left : left + wide] = (200, 30, 30)
        photo[top + 14 : top + 28, left : left + wide] = (30, 40, 200)
        mask[top : top + 14, left : left + wide] = PARTS.index("upper")
        mask[top + 14 : top + 28, left : left + wide] = PARTS.index("lower")
        photos.append(photo)
        masks.append(mask)
    return photos, masks


@pytest.fixture(scope="module")
def taught() -> Parts:
    photos, masks = blocks(24, 0)
    training = PartsTraining(steps=90, batch_size=8, sizes=((1.0, 48, 32),), learning_rate=5e-3, average=0.9)
    config = PartsConfig(48, "test", TINY)
    return fit_parser(photos, masks, rng=np.random.default_rng(0), config=config, training=training)


def test_looks_in_several_sizes_are_averaged(taught: Parts) -> None:
    photo = np.random.default_rng(3).integers(0, 255, (90, 60, 3), dtype=np.uint8)
    one, other, both = (taught.parse([photo], sides=sides)[0] for sides in ((1.0,), (1.5,), (1.0, 1.5)))
    np.testing.assert_array_equal(one, taught.parse([photo])[0])
    np.testing.assert_allclose(both, (one + other) / 2, atol=1e-6)
    assert np.abs(one - other).max() > 0.01 and both.shape == (90, 60, len(PARTS))


def test_training_teaches_what_coloured_blocks_are(taught: Parts) -> None:
    photos, masks = blocks(8, 1)
    table = sum(confusion(said, mask, 9) for said, mask in zip(taught.parse_labels(photos), masks, strict=True))
    overlap = intersection_over_union(np.asarray(table))[[0, PARTS.index("upper"), PARTS.index("lower")]]
    assert overlap.min() > 0.7


def test_the_same_seed_teaches_the_same() -> None:
    photos, masks = blocks(4, 0)
    training = PartsTraining(steps=2, batch_size=2, sizes=((1.0, 32, 32),))
    one, two = (
        fit_parser(
            photos, masks, rng=np.random.default_rng(3), config=PartsConfig(32, shape=TINY), training=training
        ).parse(photos[:1])[0]
        for _ in range(2)
    )
    np.testing.assert_array_equal(one, two)


def test_the_trunk_is_the_eyes_and_may_stay_as_it_is() -> None:
    photos, masks = blocks(4, 0)
    trunk = TrunkConfig(widths=(8, 8, 16, 16), blocks=(1, 1, 1, 1), colours=8)
    eye = Eye(EyeConfig({"type": ("a", "b")}, trunk=trunk), EyeNetwork(trunk, {"type": 2}))
    parser = Parts.fresh(rng=np.random.default_rng(0), config=PartsConfig(32, shape=TINY), eye=eye)
    before = [value.clone() for value in parser.network.trunk_parameters()]
    assert torch.equal(before[0], eye.network.state_dict()["trunk.stem.0.weight"])
    training = PartsTraining(steps=3, batch_size=2, sizes=((1.0, 32, 32),), frozen=True)
    head = parser.network.first.weight.clone()
    fit_parser(photos, masks, rng=np.random.default_rng(0), training=training, start=parser)
    for old, new in zip(before, parser.network.trunk_parameters(), strict=True):
        torch.testing.assert_close(old, new)
    assert not torch.equal(head, parser.network.first.weight)


@pytest.mark.parametrize("size", [(1, 1), (5, 90), (64, 64), (70, 41)])
def test_chances_have_the_size_of_the_photo_and_sum_to_one(size: tuple[int, int]) -> None:
    photo = np.random.default_rng(0).integers(0, 255, (*size, 3)).astype(np.uint8)
    parser = Parts.fresh(rng=np.random.default_rng(0))
    [chances] = parser.parse([photo])
    assert chances.shape == (*size, len(Parts.PARTS))
    np.testing.assert_allclose(chances.sum(2), 1, atol=1e-3)
    np.testing.assert_array_equal(parser.parse_labels([photo])[0], chances.argmax(2))


def test_a_mirrored_photo_gives_mirrored_chances(taught: Parts) -> None:
    [photo], _ = blocks(1, 5)
    one, two = taught.parse([photo, photo[:, ::-1].copy()])
    np.testing.assert_allclose(one, two[:, ::-1], atol=0.02)


def test_nothing_is_parsed_of_no_photos(taught: Parts) -> None:
    assert taught.parse([]) == []


def test_a_saved_parser_says_the_same(taught: Parts, tmp_path: Path) -> None:
    taught.save(tmp_path)
    photos, _ = blocks(2, 2)
    loaded = Parts.load(tmp_path)
    assert loaded.config == taught.config
    same = [
        (one == two).mean() for one, two in zip(loaded.parse_labels(photos), taught.parse_labels(photos), strict=True)
    ]
    assert min(same) > 0.98


@pytest.mark.parametrize("spoil", ['{"image_px": 48}', "not json"])
def test_a_broken_folder_is_refused(taught: Parts, tmp_path: Path, spoil: str) -> None:
    taught.save(tmp_path)
    path = tmp_path / "model.json"
    text = path.read_text()
    start = text.index('"config": ') + len('"config": ')
    end = text.index('"matrices"')
    path.write_text(text[:start] + spoil + "," + text[end:])
    with pytest.raises(ModelFileBroken):
        Parts.load(tmp_path)


def test_regions_are_connected_pixels_of_one_code() -> None:
    codes = np.array([[[1, 1, 0], [0, 0, 0]], [[1, 0, 1], [0, 0, 1]]])
    regions, count = connected_regions(codes)
    assert count == 2 + 3
    assert regions[0, 0, 0] == regions[0, 0, 1] != regions[0, 0, 2]
    assert regions[1, 0, 0] != regions[1, 0, 2] == regions[1, 1, 2]
    assert not set(regions[0].ravel()) & set(regions[1].ravel())


def test_projection_gives_each_pixel_the_mean_and_place_of_its_region() -> None:
    values = torch.tensor([[[[1.0, 3.0, 10.0, 10.0]] * 4]])
    regions = torch.tensor([[[0, 0, 1, 1]] * 4])
    told = project(values, regions, 2)
    assert told.shape == (1, 6, 4, 4)
    torch.testing.assert_close(told[0, 0, 0], torch.tensor([2.0, 2.0, 10.0, 10.0]))
    torch.testing.assert_close(told[0, 1, 0], torch.full((4,), 0.5**0.5))  # half of the picture
    torch.testing.assert_close(told[0, 3, 0], torch.tensor([-2 / 3, -2 / 3, 2 / 3, 2 / 3]))  # centre, across


def test_without_projection_regions_are_not_heard() -> None:
    torch.manual_seed(0)
    network = PartsNetwork(replace(TINY, projection=False), 9).eval()
    assert not hasattr(network, "hear")
    assert network(torch.rand(1, 3, 32, 48))[1].shape == (1, 9, 32, 48)


def test_the_loss_knows_what_is_known() -> None:
    codes = torch.randint(0, 9, (2, 8, 8), generator=torch.Generator().manual_seed(0))
    right = torch.nn.functional.one_hot(codes, 9).permute(0, 3, 1, 2) * 20.0
    assert (
        float(parts_loss(right, codes, torch.ones(9), 0.5))
        < 0.01
        < float(parts_loss(-right, codes, torch.ones(9), 0.5))
    )
    something = torch.full((2, 8, 8), ANY_PART)
    background = torch.zeros(2, 9, 8, 8)
    background[:, 0] = 9
    assert float(parts_loss(-background, something, torch.ones(9), 0.5)) < 0.01
    assert float(parts_loss(background, something, torch.ones(9), 0.5)) > 5
    assert float(parts_loss(background, torch.full((2, 8, 8), IGNORED), torch.ones(9), 0.5)) == 0


def test_views_keep_photo_and_codes_together() -> None:
    photos, masks = blocks(6, 3)
    views = draw_views(pack(photos, masks, 48, 32).on(CPU), np.arange(6), (48, 32), (1.0, 1.3))
    pictures, codes = views
    assert pictures.shape == (6, 3, 48, 32)
    red, blue = (pictures[:, k] - pictures[:, 2 - k] for k in (0, 2))
    assert float(red[codes == PARTS.index("upper")].mean()) > 0.2 < float(blue[codes == PARTS.index("lower")].mean())


def test_a_pasted_view_hides_what_is_under_it() -> None:
    over = torch.ones(1, 3, 6, 6), torch.zeros(1, 6, 6, dtype=torch.uint8)
    over[1][:, :, 3:] = 3
    under = torch.zeros(1, 3, 6, 6), torch.full((1, 6, 6), 5, dtype=torch.uint8)
    pictures, codes = paste(over, under, 1.0)
    assert codes[0, 0].tolist() == [5, 5, 5, 3, 3, 3]
    assert float(pictures[0, 0, 0, 0]) == 0
    assert float(pictures[0, 0, 0, 5]) == 1


def test_a_plain_background_is_one_colour() -> None:
    pictures = torch.rand(1, 3, 12, 12)
    codes = torch.zeros(1, 12, 12, dtype=torch.uint8)
    codes[:, 6:] = 3
    painted, same = plain((pictures, codes), 1.0)
    assert float(painted[0, :, :4].std((1, 2)).max()) < 1e-6
    torch.testing.assert_close(painted[0, :, 8:], pictures[0, :, 8:])
    assert torch.equal(same, codes)


def test_a_photo_that_does_not_fit_leaves_the_rest_unknown() -> None:
    packed = pack([np.zeros((10, 10, 3), np.uint8)], [np.zeros((10, 10), np.uint8)], 20, 10)
    assert (packed.codes[0, 5:15] == 0).all()
    assert (packed.codes[0, :5] == IGNORED).all()


def test_types_say_their_part() -> None:
    named = {"Casual Shoes": "shoes", "Handbags": "bag", "Watches": "bag", "Jeans": "lower", "Dresses": "one_piece"}
    assert {name: PARTS[part_of([name]) or 0] for name in named} == named
    assert part_of(["Perfume and Body Mist"]) is None


def test_shop_photos_become_lessons_where_their_background_is_plain(taught: Parts) -> None:
    shoe = np.full((40, 40, 3), 255, np.uint8)
    shoe[15:30, 8:32] = (90, 40, 20)
    busy = np.random.default_rng(0).integers(0, 255, (40, 40, 3)).astype(np.uint8)
    photos, masks = blocks(1, 4)
    shirt = np.where(masks[0][..., None] == 0, 255, photos[0]).astype(np.uint8)
    parts = [part_of([name]) for name in ("Casual Shoes", "Tops", "Shirts")]
    material, kept = shop_material([shoe, busy, shirt], parts, 48)
    assert kept.tolist() == [True, False, True]
    assert set(np.unique(material.codes[0])) == {0, PARTS.index("shoes")}
    assert set(np.unique(material.codes[1])) == {0, ANY_PART}
    told = agreed(taught, material, [parts[0], parts[2]])
    assert np.array_equal(told.codes[0], material.codes[0])
    assert np.array_equal(told.codes[1] == 0, material.codes[1] == 0)


class _Says:
    """A parser that calls the upper half of what is not white one part, and the lower half another."""

    def __init__(self, upper: str, lower: str) -> None:
        self.upper, self.lower = PARTS.index(upper), PARTS.index(lower)

    def parse(self, photos: list[Photo]) -> list[np.ndarray]:
        chances = np.zeros((*photos[0].shape[:2], len(PARTS)), np.float32)
        seen = np.asarray(photos[0] < 230).any(2)
        half = np.arange(seen.shape[0])[:, None] < seen.shape[0] // 2
        chances[..., 0] = np.where(seen, 0, 0.9)
        chances[..., self.upper] += (1 - chances[..., 0]) * half
        chances[..., self.lower] += (1 - chances[..., 0]) * ~half
        return [chances]


@pytest.mark.parametrize(("lower", "told"), [("upper", "upper"), ("bag", None)])
def test_a_type_speaks_for_all_only_where_the_parser_mostly_agrees(lower: str, told: str | None) -> None:
    shirt = np.full((40, 40, 3), 255, np.uint8)
    shirt[8:32, 10:30] = (40, 60, 150)
    part = part_of(["Shirts"])
    material, _ = shop_material([shirt], [part], 48)
    codes = agreed(_Says("upper", lower), material, [part]).codes[0]  # type: ignore[arg-type]
    assert set(np.unique(codes)) == {0, ANY_PART if told is None else PARTS.index(told)}


@pytest.mark.real_data
def test_the_shipped_parser_tells_clothes_from_bags_in_shop_photos(real_data: Callable[[str], Path]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        found = judge_clothes(Parts.shipped(), real_data("fashion"), most=40, seed=3)
    assert found["photos"] == 40
    assert found["right"] > 0.6
    assert found["called_bag"] < 0.25


@pytest.mark.real_data
def test_the_shipped_parser_on_people_it_never_saw(real_data: Callable[[str], Path], tmp_path: Path) -> None:
    folder = real_data("parsing")
    names = sorted(path.stem for path in (folder / "photos").glob("*.jpg"))
    order = np.random.default_rng(0).permutation(len(names))
    held_out = sorted(names[row] for row in order[len(names) - round(len(names) * 0.2) :].tolist())
    for part, ending in (("photos", ".jpg"), ("masks", ".png")):
        (tmp_path / part).mkdir()
        for name in held_out[::29]:
            (tmp_path / part / f"{name}{ending}").symlink_to(folder / part / f"{name}{ending}")
    few = PhotoMasks.read(tmp_path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # of a bar that the card says was missed
        parser = Parts.shipped()
    table = sum(confusion(said, mask, 9) for said, mask in zip(parser.parse_labels(few.photos), few.parts, strict=True))
    assert pixel_accuracy(np.asarray(table)) > 0.88
    assert np.nanmean(intersection_over_union(np.asarray(table))) > 0.5
