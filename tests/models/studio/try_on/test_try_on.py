"""A piece on somebody: what it gives back, what never changes, what is refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.interpolate import RBFInterpolator
from skimage.metrics import structural_similarity
from tests.models.studio.try_on.drawn_person import COLOURS, drawn_person, photo_of, piece_of

from bottega.datasets.photos.masks import PARTS, PhotoMasks
from bottega.datasets.photos.reading import Photo
from bottega.errors import PhotoRefused
from bottega.models.studio.try_on.bend import plate_of, through
from bottega.models.studio.try_on.outline import brought, matched, outline_of
from bottega.models.studio.try_on.place import CUTS, places
from bottega.models.studio.try_on.settle import settled
from bottega.models.studio.try_on.try_on import ShownPiece, TriedOn, try_on
from bottega.models.studio.try_on.wearer import wearer_of
from bottega.names import BoolArray


def bent(photo: Photo, mask: BoolArray, seed: int, strength: float = 0.04) -> tuple[Photo, BoolArray]:
    """What a mask covers, bent by a random plate, on white."""
    rng = np.random.default_rng(seed)
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    tall, wide = np.ptp(rows), np.ptp(columns)
    grid = np.stack(np.meshgrid(np.linspace(columns[0], columns[-1], 4), np.linspace(rows[0], rows[-1], 4)), 2)
    grid = grid.reshape(-1, 2)
    to = grid + rng.normal(0, strength, grid.shape) * np.array([wide, tall])
    to = to - to.min(0) + 0.2 * max(tall, wide)
    size = tuple((np.ceil(to.max(0) + 0.2 * max(tall, wide))).astype(int)[::-1].tolist())
    back = plate_of(to.astype(np.float32), grid.astype(np.float32), stiff=0.0)
    seen = through(mask[..., None].astype(np.float32), back, size, order=1)[..., 0] > 0.5
    moved = through(photo.astype(np.float32), back, size).clip(0, 255)
    return np.where(seen[..., None], moved, 255).astype(np.uint8), seen


def likeness(one: Photo, other: Photo, mask: BoolArray) -> float:
    """SSIM within a mask."""
    greys = [photo.astype(np.float64) @ [0.299, 0.587, 0.114] for photo in (one, other)]
    _, table = structural_similarity(  # type: ignore[no-untyped-call]
        *greys, data_range=255, gaussian_weights=True, sigma=1.5, full=True
    )
    return float(table[mask].mean())


def tried(kind: str, cut: str, **drawn: Any) -> tuple[Photo, np.ndarray, TriedOn]:
    labels = drawn_person(**drawn)
    photo = photo_of(labels)
    return photo, labels, try_on(photo, labels, ShownPiece(*piece_of(kind), cut))


def test_a_plate_is_the_thin_plate_spline_of_scipy() -> None:
    rng = np.random.default_rng(0)
    held, to, asked = (rng.uniform(0, 90, (count, 2)).astype(np.float32) for count in (12, 12, 40))
    ours = plate_of(held, to, stiff=0.0)
    theirs = RBFInterpolator(held, to, kernel="thin_plate_spline")
    np.testing.assert_allclose(ours(asked), theirs(asked), atol=1e-2)
    np.testing.assert_allclose(ours(held), to, atol=1e-2)


def test_an_outline_is_matched_to_itself() -> None:
    _, mask = piece_of("long")
    edge = outline_of(mask, 120)
    path, cost = matched(brought(edge, edge), np.roll(edge, 17, 0))
    assert cost < 1e-3
    assert np.mean((path[:, 0] + 17) % 120 == path[:, 1]) > 0.95


@pytest.mark.parametrize("part", ["upper", "lower"])
def test_a_bent_piece_comes_back_to_where_it_was(part: str) -> None:
    labels = drawn_person()
    photo = photo_of(labels)
    mask = labels == PARTS.index(part)
    moved, seen = bent(photo, mask, seed=4)
    found = try_on(photo, labels, ShownPiece(moved, seen, "top" if part == "upper" else "trousers"), light=0.0)
    held, to = settled(seen, mask).pairs
    flat = np.linalg.lstsq(np.c_[np.ones(len(held)), held], to, rcond=None)[0]
    rows, columns = np.indices(mask.shape)
    at = np.c_[np.ones(mask.size), columns.ravel(), rows.ravel()] @ flat
    nearest = [np.rint(at[:, k]).astype(int).reshape(mask.shape).clip(0, moved.shape[1 - k] - 1) for k in (0, 1)]
    pasted = np.where(mask[..., None], moved[nearest[1], nearest[0]], photo)
    assert found.length == "as worn"
    assert likeness(photo, found.photo, mask) > max(0.8, likeness(photo, pasted, mask) + 0.05)


@pytest.mark.parametrize("kind,cut", [("long", "top"), ("trousers", "trousers"), ("midi", "skirt"), ("dress", "dress")])
def test_face_hair_hands_and_all_beyond_keep_every_pixel(kind: str, cut: str) -> None:
    photo, labels, found = tried(kind, cut)
    same = (found.photo == photo).all(2)
    skin = labels == PARTS.index("skin")
    hands = skin & (np.arange(len(labels))[:, None] < 175)
    assert same[labels == PARTS.index("hair")].all() and same[hands].all()
    near = np.zeros(labels.shape, bool)
    near[:, 30:170] = True
    assert same[~near].all()
    beyond = ~found.region & (labels == PARTS.index("background"))
    assert (~same & beyond).mean() < 0.03
    assert not same[found.region].all()


def test_a_piece_takes_the_place_of_the_old_one_in_its_own_colours() -> None:
    photo, labels, found = tried("long", "top")
    inside = found.photo[labels == PARTS.index("upper")].mean(0)
    assert inside[0] > inside[2] + 60, "the red piece covers the blue one"
    left = (found.photo.astype(int)[..., 2] > found.photo.astype(int)[..., 0] + 40) & (labels == PARTS.index("upper"))
    assert left.sum() < 0.01 * (labels == PARTS.index("upper")).sum()
    assert (found.photo == photo)[labels == PARTS.index("shoes")].all()


def test_trousers_go_on_over_bare_legs_and_a_skirt_shows_only_lower_legs() -> None:
    _, labels, found = tried("trousers", "trousers", hem=220)
    legs = (labels == PARTS.index("skin")) & (np.arange(len(labels))[:, None] > 222)
    assert found.length == "longer" and found.region[legs].mean() > 0.9
    _, labels, found = tried("midi", "skirt", hem=274)
    assert found.length in {"to the calf", "to the knee"} and found.notes
    wearer = wearer_of(labels)
    lower = labels == PARTS.index("lower")
    bared = lower & ~found.region & (np.arange(len(labels))[:, None] < wearer.knees)
    assert bared.sum() < 0.03 * lower.sum(), "thighs stay covered"
    skin = np.linalg.norm(found.photo.astype(float) - np.array(COLOURS["skin"]), axis=2) < 45
    below = np.zeros(labels.shape, bool)
    below[round(wearer.knees + 0.14 * wearer.tall) : 270] = True
    assert (skin & below & lower).sum() > 0.25 * (below & lower).sum()


REFUSED: dict[str, tuple[dict[str, Any], str, str, str]] = {
    "thighs": ({}, "shorts", "trousers", "thighs would be bared"),
    "thighs under a skirt": ({}, "mini", "skirt", "thighs would be bared"),
    "belly": ({}, "crop", "top", "belly would be bared"),
    "from behind": ({"behind": True}, "long", "top", "from behind"),
    "arms across": ({"across": True}, "long", "top", "hide"),
    "a top on a dress": ({"wears": ("one_piece", "one_piece")}, "long", "top", "wears a dress"),
    "trousers on a dress": ({"wears": ("one_piece", "one_piece")}, "trousers", "trousers", "wears a dress"),
}


@pytest.mark.parametrize("drawn,kind,cut,why", REFUSED.values(), ids=REFUSED)
def test_what_is_refused(drawn: dict[str, Any], kind: str, cut: str, why: str) -> None:
    with pytest.raises(PhotoRefused, match=why):
        tried(kind, cut, **drawn)


def test_shorts_are_not_drawn_out_to_trousers() -> None:
    labels = drawn_person()
    photo = photo_of(labels)
    piece = ShownPiece(*piece_of("trousers"), "trousers")
    assert try_on(photo, labels, piece).length in {"as worn", "longer"}
    with pytest.raises(PhotoRefused, match="thighs would be bared"):
        try_on(photo, labels, replace(piece, short=True))


def test_nobody_two_people_and_a_small_one_are_refused() -> None:
    one = drawn_person()
    with pytest.raises(PhotoRefused, match="No person"):
        wearer_of(np.zeros_like(one))
    with pytest.raises(PhotoRefused, match="two people"):
        wearer_of(np.concatenate([one, one], 1))
    with pytest.raises(PhotoRefused, match="pixels tall"):
        wearer_of(one[::3, ::3])
    hatless = np.where(np.isin(one, [PARTS.index("skin"), PARTS.index("hair")]), 0, one)
    with pytest.raises(PhotoRefused, match="No person"):
        wearer_of(hatless)


def test_specks_of_other_clothes_are_taken_for_what_lies_round_them() -> None:
    labels = drawn_person()
    labels[100:103, 98:102] = PARTS.index("lower")
    assert (wearer_of(labels).labels[100:103, 98:102] == PARTS.index("upper")).all()


def test_places_are_made_for_every_cut_and_cover_no_head() -> None:
    wearer = wearer_of(drawn_person())
    for cut in CUTS:
        for place in places(wearer, cut):
            assert not (place.seen & wearer.head()).any()
            assert not (place.seen & ~place.region).any()


def test_real_people_in_their_own_bent_clothes(real_data: Any) -> None:
    folder = Path(real_data("parsing"))
    values = []
    for name in sorted(path.stem for path in (folder / "photos").glob("*.jpg"))[:12]:
        photo, labels = PhotoMasks.one(folder, name)
        for part, cut in (("upper", "top"), ("lower", "trousers")):
            mask = labels == PARTS.index(part)
            if mask.mean() < 0.03:
                continue
            try:
                found = try_on(photo, labels, ShownPiece(*bent(photo, mask, seed=7, strength=0.03), cut))
            except PhotoRefused:
                continue
            values.append(likeness(photo, found.photo, mask & found.region))
    assert len(values) >= 6 and np.mean(values) > 0.65
