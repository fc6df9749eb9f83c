"""Try on: a piece of clothing, cut out of its photo, on the photo of somebody.

Idea     Labels of the photo say where the old piece is and what lies before it; the new one is bent into its place
         (settle.py), takes the folds' soft light of the old one, and is laid on along the old one's soft edge, so that
         no rim of the old colour stays. Where it ends above the old one, lower legs or forearms come to light in the
         person's own skin, and background round them.
Serves   Tops, shirts, jackets, trousers, skirts, dresses and shoes on one person from the front. Who would be undressed
         by it, is refused in words: a crop top over a long one, shorts over trousers.
Differs  Nothing is learnt. Face, hair and hands keep every pixel.
Costs    benchmarks/try_on.md.
Shapes   H, W height and width of the photo; h, w of the piece's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from bottega.datasets.photos.masks import PARTS
from bottega.datasets.photos.reading import Photo
from bottega.models.blocks.cutout import alpha_of
from bottega.models.studio.try_on.bend import Plate, through
from bottega.models.studio.try_on.fill import ground_filled, skin_on, spread
from bottega.models.studio.try_on.limbs import limbs_of
from bottega.models.studio.try_on.place import BARING, UNDER_COAT, Place, places
from bottega.models.studio.try_on.refusals import refused
from bottega.models.studio.try_on.settle import in_pieces, settled, stretch, unlikeness
from bottega.models.studio.try_on.wearer import Wearer, wearer_of
from bottega.names import BoolArray, FloatArray

__all__ = ["LIGHT", "ShownPiece", "TriedOn", "cloth_of", "try_on"]

_UNLIKE, _UNLIKE_SHOES = 0.16, 0.45
"""How unlike in shape (`unlikeness`) a piece and its place may be; shoes lie on their side in the shop's photos."""
_MADE_UP = {
    "to the calf": "It ends at the calf: what the old one covered below is made up.",
    "to the knee": "It ends at the knee: what the old one covered below is made up.",
    "to the elbow": "Sleeves are shown down to the elbow at least; the forearms below them are made up.",
}
_DRAWN_OUT, _BELOW_KNEES = 0.45, 0.05
"""How much a piece may be stretched to the length of a coat, or down to so far below the knees (`stretch`, heights)."""
LIGHT, _LIGHT_MOST = 0.5, 0.18
"""How much of the old folds' soft light is carried over, and how far it may go from 1."""
_PLAIN = 14.0
"""Spread of the old piece's soft lightness (CIE L) above which its pattern would be carried over, too, and is not."""


@dataclass(frozen=True, slots=True, eq=False)
class ShownPiece:
    """What is tried on."""

    photo: Photo
    """[h, w, 3]"""
    mask: BoolArray
    """[h, w], where the piece is."""
    cut: str
    """One of `CUTS`."""
    short: bool = False
    """Whether it ends above the knees by what the shop calls it, as shorts do."""


@dataclass(frozen=True, slots=True, eq=False)
class TriedOn:
    """The person in the piece."""

    photo: Photo
    """[H, W, 3]"""
    region: BoolArray
    """[H, W], where the piece is seen."""
    length: str
    """How it is worn (`Place.length`)."""
    unlike: float
    """How unlike the shapes are (`unlikeness`)."""
    notes: tuple[str, ...]


def try_on(
    photo: Photo,
    labels: NDArray[np.uint8],
    piece: ShownPiece,
    *,
    names: Sequence[str] = PARTS,
    joints: FloatArray | None = None,
    light: float = LIGHT,
) -> TriedOn:
    """A piece on the one person of a photo, whose `labels` [H, W] are codes of `names`.

    `joints` [16, 2]: key points, where somebody read them. `light`: how much of the old folds' light stays.
    Raises `PhotoRefused` for who cannot be dressed, and for what may not be worn there.
    """
    wearer = wearer_of(labels, names=names, joints=joints)
    if piece.cut == "shoes":
        piece = _paired(piece, wearer.part("shoes"))
    place, unlike = _chosen(wearer, piece)
    bent = settled(piece.mask, place.region)
    kept = _kept(wearer) | (wearer.part("skin") & ~place.seen & ~place.bare)
    seen = place.seen & ~kept
    cloth = cloth_of(piece, bent.plate, seen.shape)
    base = photo.astype(np.float32)
    notes: list[str] = []
    old_alpha, old_colours = alpha_of(photo, seen | (place.bare & ~kept))
    if place.bare.any():
        base = _bared(photo, wearer, place, old_alpha > 0)
        notes.append(_MADE_UP[place.length])
        edge = ndimage.gaussian_filter(seen.astype(np.float32), 0.7)
        alpha = np.where(ndimage.binary_dilation(place.bare, iterations=3), edge, old_alpha)
        alpha = np.where(seen | (alpha < old_alpha), alpha, np.minimum(alpha, old_alpha))
    else:
        alpha = old_alpha
        if (new := seen & ~_worn(wearer)).any():
            alpha = np.maximum(alpha, np.where(new, ndimage.gaussian_filter(seen.astype(np.float32), 0.7), 0))
    lit = cloth * _folds(photo, place, seen, light)[..., None]
    under = np.where((alpha < 1)[..., None] & ~place.bare[..., None], _beside(photo, old_alpha, old_colours), base)
    mixed = alpha[..., None] * lit + (1 - alpha[..., None]) * under
    touched = ((alpha > 0.02) | place.bare) & ~kept
    made = np.where(touched[..., None], np.rint(mixed.clip(0, 255)), photo).astype(np.uint8)
    return TriedOn(made, seen, place.length, unlike, tuple(notes))


def _paired(piece: ShownPiece, feet: BoolArray) -> ShownPiece:
    """Both shoes of a pair, where the photo shows one of them and two `feet` [H, W] are seen."""
    if len(in_pieces(piece.mask)) > 1 or len(in_pieces(feet)) == 1:
        return piece
    photo, mask = (np.concatenate([one[:, ::-1], one], 1) for one in (piece.photo, piece.mask))
    return replace(piece, photo=np.ascontiguousarray(photo), mask=np.ascontiguousarray(mask))


def _chosen(wearer: Wearer, piece: ShownPiece) -> tuple[Place, float]:
    """The way to wear a piece whose outline is nearest to its own, and how unlike they are still."""
    found = [(place, unlikeness(piece.mask, place.region)) for place in places(wearer, piece.cut)]
    place, unlike = min(found, key=lambda one: one[1] - one[0].less)
    coat = any(one.length == UNDER_COAT for one, _ in found)
    if coat and place.length not in BARING and stretch(piece.mask, place.region) > _DRAWN_OUT:
        raise refused(BARING[UNDER_COAT], "Send a photo without the coat, or try a coat.")
    rows = np.flatnonzero(place.region.any(1))
    legs = piece.cut in ("trousers", "skirt", "dress") and rows[-1] > wearer.knees + _BELOW_KNEES * wearer.tall
    if legs and (piece.short or stretch(piece.mask, place.region) > _DRAWN_OUT):
        raise refused(BARING["thighs"], "Try a longer piece, or send a photo in other clothes.")
    if place.length in BARING:
        raise refused(BARING[place.length], "Try a longer piece, or send a photo in other clothes.")
    if unlike > (_UNLIKE_SHOES if piece.cut == "shoes" else _UNLIKE):
        nearest = min(found, key=lambda one: one[1])[0].length
        if nearest in BARING:
            raise refused(BARING[nearest], "Try a longer piece, or send a photo in other clothes.")
        raise refused(
            "The piece has another shape than the place where it would be worn.",
            "Send a photo from the front with arms hanging, or try a piece more like the one that is worn.",
        )
    return place, unlike


def _kept(wearer: Wearer) -> BoolArray:
    """Face, hair, hands and what is carried [H, W]: never touched."""
    return wearer.head() | wearer.part("hair", "bag")


def _worn(wearer: Wearer) -> BoolArray:
    return wearer.part("upper", "outer", "lower", "one_piece", "shoes")


def cloth_of(piece: ShownPiece, plate: Plate, shape: tuple[int, int]) -> FloatArray:
    """Colours of the piece at every pixel of the photo [H, W, 3]; beyond its own edge those of its nearest pixels."""
    inner = ndimage.binary_erosion(piece.mask, iterations=1)
    inner = inner if inner.sum() > 0.5 * piece.mask.sum() else piece.mask
    where = ndimage.distance_transform_edt(~inner, return_distances=False, return_indices=True)
    whole = piece.photo.astype(np.float32)[where[0], where[1]]
    hidden = ndimage.binary_fill_holes(piece.mask) & ~piece.mask
    if hidden.any():
        whole = np.where(hidden[..., None], spread(piece.photo.astype(np.float32), inner), whole)
    air = round(0.2 * max(piece.mask.shape))
    whole = np.pad(whole, ((air, air), (air, air), (0, 0)), mode="edge")
    moved = Plate(plate.held, plate.bent, plate.flat + np.array([[air, air], [0, 0], [0, 0]]), plate.middle, plate.size)
    return through(whole, moved, shape).clip(0, 255)


def _beside(photo: Photo, alpha: FloatArray, colours: FloatArray) -> FloatArray:
    """What lies behind the old piece in the pixels of its soft edge [H, W, 3]."""
    rest = photo.astype(np.float32) - alpha[..., None] * colours
    there = rest / np.maximum(1 - alpha, 0.15)[..., None]
    return np.asarray(np.where((alpha > 0)[..., None], there.clip(0, 255), photo), np.float32)


def _folds(photo: Photo, place: Place, seen: BoolArray, strength: float) -> FloatArray:
    """The old piece's soft light [H, W], near 1."""
    if not strength or seen.sum() < 30:
        return np.ones(seen.shape, np.float32)
    grey = photo.astype(np.float32) @ np.array([0.299, 0.587, 0.114], np.float32)
    tall = np.ptp(np.flatnonzero(place.region.any(1))) + 1
    inner = ndimage.binary_erosion(seen, iterations=2)
    weight = np.asarray(inner if inner.any() else seen, np.float32)
    soft = _smooth(grey, weight, 0.02 * tall)
    wide = _smooth(grey, weight, 0.15 * tall)
    if float(np.std(soft[weight > 0])) / 2.55 > _PLAIN:
        return np.ones(seen.shape, np.float32)
    ratio = (soft + 12) / (wide + 12)
    return np.asarray(1 + strength * np.clip(ratio - 1, -_LIGHT_MOST / strength, _LIGHT_MOST / strength), np.float32)


def _smooth(values: FloatArray, weight: FloatArray, sigma: float) -> FloatArray:
    return np.asarray(
        ndimage.gaussian_filter(values * weight, sigma) / np.maximum(ndimage.gaussian_filter(weight, sigma), 1e-4),
        np.float32,
    )


def _bared(photo: Photo, wearer: Wearer, place: Place, old: BoolArray) -> FloatArray:
    """The photo [H, W, 3] with background and limbs where the old piece was and the new one is not."""
    gap = place.bare | (old & ~place.seen)
    ground = wearer.part("background") & ~ndimage.binary_dilation(gap, iterations=1)
    ground &= ~ndimage.binary_dilation(~wearer.part("background"), iterations=2)
    base = ground_filled(photo, gap, ground)
    limbs = limbs_of(wearer, place.bare)
    made = skin_on(base.astype(np.uint8), limbs, photo[wearer.part("skin")])
    soft = ndimage.gaussian_filter(limbs.astype(np.float32), 0.7)[..., None]
    colours = spread(made, limbs)
    return np.asarray(soft * colours + (1 - soft) * base, np.float32)
