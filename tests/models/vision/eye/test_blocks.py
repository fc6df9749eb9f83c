"""The pieces that the eye's training is made of, each against something known."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from bottega.models.vision.eye.calibration import fit_temperature
from bottega.models.vision.eye.losses import Memory, class_weights, many_of, one_of, same
from bottega.models.vision.eye.material import PHOTO_KINDS, Known, gather
from bottega.models.vision.eye.street import GARMENT_TYPES, street_sets
from bottega.models.vision.eye.views import draw_views, shrink


def test_one_of_ignores_unknown_labels() -> None:
    logits = torch.tensor([[2.0, 0.0], [0.0, 5.0]])
    weights = torch.ones(2)
    alone = one_of(logits[:1], torch.tensor([0]), weights)
    assert one_of(logits, torch.tensor([0, -1]), weights) == pytest.approx(float(alone))
    assert float(one_of(logits, torch.tensor([-1, -1]), weights)) == 0


def test_class_weights_have_mean_one_and_favour_the_rare() -> None:
    codes = torch.tensor([0] * 9 + [1] + [-1] * 5)
    weights = class_weights(codes, 2, 0.5)
    assert weights[1] / weights[0] == pytest.approx(3.0)
    assert (9 * weights[0] + weights[1]) / 10 == pytest.approx(1.0)


def test_many_of_is_a_tenth_of_the_summed_cross_entropy() -> None:
    found = many_of(torch.zeros(2, 3), torch.tensor([[1.0, 0.0, 1.0], [0.0, 0.0, 0.0]]))
    assert float(found) == pytest.approx(0.1 * 3 * np.log(2))


def test_same_is_low_when_mates_are_near_and_memory_adds_others() -> None:
    near = torch.tensor([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.0, 1.0]])
    groups = torch.tensor([0, 0, 1, 1])
    memory = Memory(3)
    right, wrong = float(same(near, groups, memory)), float(same(near, torch.tensor([0, 1, 0, 1]), memory))
    assert right < 0.01 < 5 < wrong
    memory.add(near, torch.tensor([7, 8, 9, 10]))
    assert len(memory.vectors) == 3 and float(same(near, groups, memory)) > right
    assert float(same(near[:1], groups[:1], Memory(3))) == 0


def test_temperature_undoes_overconfidence_and_keeps_the_answers() -> None:
    rng = np.random.default_rng(0)
    truth = rng.normal(0, 1.5, (4000, 3)).astype(np.float32)
    chances = np.exp(truth) / np.exp(truth).sum(1, keepdims=True)
    codes = np.array([rng.choice(3, p=row / row.sum()) for row in chances.astype(np.float64)], dtype=np.int32)
    assert fit_temperature(truth * 3, codes).temperature == pytest.approx(3.0, rel=0.1)
    assert fit_temperature(truth[:5], codes[:5]).temperature == 1.0


def test_a_view_on_the_street_has_the_street_behind_it() -> None:
    torch.manual_seed(0)
    product = torch.zeros(6, 20, 20, 4, dtype=torch.uint8)
    product[..., :3] = 255
    product[:, 6:14, 6:14, :3] = torch.tensor([200, 0, 0], dtype=torch.uint8)
    product[:, 6:14, 6:14, 3] = 255
    street = torch.zeros(2, 20, 20, 4, dtype=torch.uint8)
    street[..., 1] = 180
    views = draw_views(product, 24, street=street, on_street=torch.tensor([True] * 3 + [False] * 3))
    assert views.shape == (6, 3, 24, 24) and float(views.min()) >= 0 and float(views.max()) <= 1
    green = (views[:, 1] - views[:, 0] > 0.2).float().mean((1, 2))
    assert bool((green[:3] > 0.3).all()) and bool((green[3:] < 0.05).all())


def test_shrink_keeps_the_mean() -> None:
    pictures = torch.randint(0, 255, (3, 32, 32, 4), dtype=torch.uint8)
    small = shrink(pictures, 8)
    assert small.shape == (3, 8, 8, 4)
    assert float((small.float().mean() - pictures.float().mean()).abs()) < 2


def test_gather_gives_one_code_space_to_all_sets() -> None:
    photos = np.zeros((3, 8, 8, 3), np.uint8)
    one = Known("catalogue", photos, "product", {"type": ["Jeans", "Shirts", ""]}, {"words": [frozenset({"slim"})] * 3})
    two = Known("drawn", photos, "product", {"type": ["Teapots", "Jeans", "Jeans"]}, {})
    material = gather([one, two], marks={"words": ("slim", "new")})
    assert material.heads["type"] == ("Jeans", "Shirts", "Teapots") and material.heads["photo_kind"] == PHOTO_KINDS
    assert material.sets[0].labels["type"].tolist() == [0, 1, -1] and material.sets[1].labels["type"].tolist() == [
        2,
        0,
        0,
    ]
    assert material.sets[0].marks["words"].tolist() == [[1, 0]] * 3 and "words" not in material.sets[1].marks


def test_a_fine_class_implies_its_broad_one() -> None:
    photos = np.zeros((4, 8, 8, 3), np.uint8)
    labels = {"type": ["Jeans", "Jeans", "Shirts", "Shirts"], "subcategory": ["Bottom", "Bottom", "Top", ""]}
    material = gather([Known("catalogue", photos, "product", labels, {})])
    np.testing.assert_allclose(material.implies["type>subcategory"], [[1, 0], [0, 1]], atol=2e-3)


def test_street_photos_become_scenes_garments_and_places_without_people() -> None:
    photo = np.full((120, 90, 3), 90, np.uint8)
    mask = np.zeros((120, 90), np.uint8)
    mask[30:60, 30:60] = 1
    found = {
        one.name: one for one in street_sets([photo], [mask], ["null", "t-shirt"], 32, rng=np.random.default_rng(0))
    }
    assert found["street"].marks["garments"] == [frozenset({"t-shirt"})]
    assert found["garments"].labels["type"] == [GARMENT_TYPES["t-shirt"]]
    assert found["nothing"].photo_kind == "none" and len(found["nothing"].photos) >= 8
