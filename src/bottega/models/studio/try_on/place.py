"""The place of a piece on a person: which pixels its cloth takes, what stays before it, what it leaves bare.

Idea     What somebody wears says where the next thing goes. A piece of the same kind takes exactly the place of the old
         one, behind hair, hands and bags. A longer one goes on over the skin of legs and arms; a shorter one leaves
         lower legs and forearms, never thighs nor the trunk. Each way is a `Place`; whose outline is nearest to the
         piece's own is chosen by who bends it.
Shapes   H, W height and width of the photo.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from scipy import ndimage

from bottega.models.studio.try_on.limbs import along_limb
from bottega.models.studio.try_on.refusals import refused
from bottega.models.studio.try_on.wearer import Wearer
from bottega.names import BoolArray

__all__ = ["BARING", "CUTS", "UNDER_COAT", "Place", "places"]

CUTS = ("top", "shirt", "jacket", "trousers", "skirt", "dress", "shoes")
"""What is tried on here."""
UNDER_COAT = "under a coat"
BARING = {
    "thighs": "It is so much shorter than what is worn that thighs would be bared.",
    "trunk": "It is so much shorter than what is worn that the belly would be bared.",
    UNDER_COAT: "What is worn is long, and what lies under it, below the new piece, nobody knows.",
}
"""Lengths that are refused, and why."""
_LEAST = {"upper": 0.02, "lower": 0.02, "one_piece": 0.03, "outer": 0.02, "shoes": 0.002}
"""Area of a worn part, as a share of the square of the person's height, from which it is there."""
_ACROSS = 0.3
"""Of the place, from which arms, hair and a bag before it hide too much."""
_USUAL = 0.014
"""What makes the old one's own place the likelier one (`Place.less`)."""
_WRIST = 0.105
"""Length of a hand, in heights."""
_BELOW_ELBOW, _SLEEVE, _FOREARMS = 0.1, 0.04, 0.003
"""Of the way from elbow to wrist, where a sleeve to the elbow ends; half the width of a sleeve, in heights; and how
much of one is seen at least, in heights squared."""


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """One way to wear a piece."""

    region: BoolArray
    """[H, W], where the cloth lies, also behind what stays before it."""
    seen: BoolArray
    """[H, W], of that, where one sees it."""
    bare: BoolArray
    """[H, W], what the old one covered and the new one does not: skin to be made."""
    length: str
    """as worn, longer, to the knee, to the calf, under the jacket; or refused when chosen: `BARING`."""
    less: float = 0.0
    """What is taken off its cost, as it is the likelier one."""


def places(wearer: Wearer, cut: str) -> list[Place]:
    """The ways to wear something of a cut. Raises `PhotoRefused` where there is none."""
    least = _LEAST["shoes"] * wearer.tall**2 / 4
    found = [place for place in _WAYS[cut](wearer) if place.region.sum() > least]
    if not found:
        raise refused("What it would take the place of is hardly seen.", "Send a photo that shows it whole.")
    first = found[0]
    if first.length == "as worn" and first.region.sum() > first.seen.sum():  # of a piece that is as hidden itself
        found.append(replace(first, region=first.seen))
    for place in found[:1]:
        hidden = (place.region & ~place.seen).sum() / max(1, place.region.sum())
        if hidden > _ACROSS:
            raise refused(
                f"Arms, hair or a bag hide {hidden:.0%} of the place where it would be worn.",
                "Send a photo with arms hanging and nothing before the clothes.",
            )
    return found


def _upper(wearer: Wearer) -> list[Place]:
    upper, outer, one = (_there(wearer, name) for name in ("upper", "outer", "one_piece"))
    if _dressed(wearer):
        raise refused("The person wears a dress, and tops are not worn over one.", "Try a dress, or another photo.")
    if upper.any() and outer.any() and upper.sum() > 0.25 * outer.sum():
        under = _row_hull(upper | outer) & _row_hull(upper, 0.1 * wearer.tall)
        whole = Place(upper | (under & outer), upper, np.zeros_like(upper), "under the jacket")
        return [_as_worn(wearer, upper), whole]
    old = upper | outer if upper.any() else outer
    if not old.any() and one.any():
        old = one
    if not old.any():
        raise refused("No top is seen on the person.", "Send a photo that shows the upper body in clothes.")
    sleeves = [*_longer_sleeves(wearer, old), *_shorter_sleeves(wearer, old)]
    return [_as_worn(wearer, old), *sleeves, *_cropped(wearer, old)]


def _jacket(wearer: Wearer) -> list[Place]:
    upper, outer, one = (_there(wearer, name) for name in ("upper", "outer", "one_piece"))
    if outer.any():
        closed = [_as_worn(wearer, outer | upper)] if upper.any() else []
        return [_as_worn(wearer, outer), *closed]
    old = upper if upper.any() else one & _above(wearer, wearer.hips + 0.02 * wearer.tall)
    if not old.any():
        raise refused("No top is seen on the person.", "Send a photo that shows the upper body in clothes.")
    return [_as_worn(wearer, old), *_longer_sleeves(wearer, old)]


def _trousers(wearer: Wearer) -> list[Place]:
    old = _lower(wearer)
    longer = [_longer(wearer, old, skirt=False)] if _legs(wearer, old).any() else []
    return [_as_worn(wearer, old), *longer, *_shorter(wearer, old)]


def _skirt(wearer: Wearer) -> list[Place]:
    return _round_both_legs(wearer, _lower(wearer))


def _dress(wearer: Wearer) -> list[Place]:
    one, upper, lower = (_there(wearer, name) for name in ("one_piece", "upper", "lower"))
    if _dressed(wearer):
        old = one if lower.any() else one | upper  # a parser may see a top on a dress
    elif upper.any() and lower.any():
        old = upper | lower
    else:
        raise refused("Neither a dress nor a top with something below it is seen.", "Send a photo without a coat.")
    return _round_both_legs(wearer, old)


def _round_both_legs(wearer: Wearer, old: BoolArray) -> list[Place]:
    """Where a skirt is worn in the place of something: what lies between the legs is cloth, too."""
    low = old & ~_above(wearer, wearer.hips - 0.03 * wearer.tall)
    cloth = old | (_row_hull(low) & wearer.part("background", "skin") & ~wearer.head())
    longer = [_longer(wearer, cloth, skirt=True)] if _legs(wearer, old).any() else []
    found = [_as_worn(wearer, cloth), *longer, *_shorter(wearer, cloth)]
    return [*found, *(both for one in found for both in _shorter_sleeves(wearer, one.region, one))]


def _shoes(wearer: Wearer) -> list[Place]:
    shoes = _there(wearer, "shoes")
    if not shoes.any():
        raise refused("No shoes are seen.", "Send a photo that shows the feet in shoes.")
    return [_as_worn(wearer, shoes)]


_WAYS: dict[str, Callable[[Wearer], list[Place]]] = {
    "top": _upper, "shirt": _upper, "jacket": _jacket, "trousers": _trousers, "skirt": _skirt, "dress": _dress,
    "shoes": _shoes,
}  # fmt: skip


def _lower(wearer: Wearer) -> BoolArray:
    lower = _there(wearer, "lower")
    if _dressed(wearer) and lower.sum() < wearer.part("one_piece").sum():
        raise refused("The person wears a dress, and nothing is worn in its place alone.", "Try a dress.")
    if not lower.any():
        raise refused("Nothing that is worn on the legs is seen.", "Send a photo without a long coat.")
    return lower


def _dressed(wearer: Wearer) -> bool:
    one = _there(wearer, "one_piece")
    others = wearer.part("upper").sum() + wearer.part("lower").sum()
    return bool(one.any() and one.sum() > 0.6 * others)


def _there(wearer: Wearer, name: str) -> BoolArray:
    mask = wearer.part(name)
    return mask if mask.sum() >= _LEAST[name] * wearer.tall**2 * 0.35 else np.zeros_like(mask)


def _above(wearer: Wearer, row: float) -> BoolArray:
    rows = np.arange(wearer.labels.shape[0])[:, None] < row
    return np.broadcast_to(rows, wearer.labels.shape).copy()


def _as_worn(wearer: Wearer, old: BoolArray) -> Place:
    """Exactly where the old one is, and behind what lies before it."""
    region = old | (_between(old) & wearer.part("skin", "hair", "bag"))
    return Place(region, old, np.zeros_like(old), "as worn", less=_USUAL)


def _legs(wearer: Wearer, old: BoolArray) -> BoolArray:
    """Skin of the legs below what is worn [H, W]."""
    skin = wearer.part("skin") & ~wearer.head()
    rows = np.flatnonzero(old.any(1))
    hem = rows[-1] if len(rows) else wearer.bottom
    pieces, count = ndimage.label(skin)
    found = np.zeros_like(skin)
    for k in range(1, count + 1):
        one = pieces == k
        there = np.flatnonzero(one.any(1))
        if there[-1] > wearer.knees and there[-1] > hem and one.sum() > 0.001 * wearer.tall**2:
            found |= one
    found[: round(wearer.hips)] = False
    return found


def _longer(wearer: Wearer, old: BoolArray, *, skirt: bool) -> Place:
    """Down to the ankles: along each leg, or as a skirt round both."""
    legs = _legs(wearer, old)
    wide = ndimage.binary_dilation(legs, iterations=max(1, round(0.008 * wearer.tall)))
    wide &= wearer.part("background", "skin") & ~_above(wearer, np.flatnonzero(old.any(1))[0])
    region = old | legs | (wide & ~wearer.head())
    if skirt:
        low = region & ~_above(wearer, wearer.hips)
        region |= _row_hull(low) & wearer.part("background", "skin")
    region = ndimage.binary_closing(region, iterations=2) & (region | wearer.part("background", "skin", "lower"))
    return Place(region, region, np.zeros_like(old), "longer")


def _shorter(wearer: Wearer, old: BoolArray) -> list[Place]:
    """Ending above where the old one does: at the calf, at the knee; and at the thigh, which is refused when chosen."""
    bottom, found = np.flatnonzero(old.any(1))[-1], []
    thigh = wearer.hips + 0.45 * (wearer.knees - wearer.hips)
    calf = wearer.knees + 0.1 * wearer.tall
    for row, name in ((calf, "to the calf"), (wearer.knees + 0.015 * wearer.tall, "to the knee"), (thigh, "thighs")):
        if row < bottom - 0.04 * wearer.tall:
            region = old & _above(wearer, row)
            found.append(Place(region, region, old & ~region, name))
    return found


def _cropped(wearer: Wearer, old: BoolArray) -> list[Place]:
    """Ending at the ribs, or at the hips where the old one is long: refused when chosen."""
    rows, found = np.flatnonzero(old.any(1)), []
    ribs = rows[0] + 0.6 * (wearer.hips - rows[0])
    for row, name in ((ribs, "trunk"), (wearer.hips, UNDER_COAT)):
        if row < rows[-1] - 0.06 * wearer.tall:
            region = old & _above(wearer, row)
            found.append(Place(region, region, old & ~region, name, less=-0.015))
    return found


def _longer_sleeves(wearer: Wearer, old: BoolArray) -> list[Place]:
    """Sleeves that go on over the skin of the arms, down to the wrists."""
    skin = wearer.part("skin") & ~wearer.head() & _above(wearer, wearer.knees)
    pieces, count = ndimage.label(skin)
    touch = ndimage.binary_dilation(old, iterations=2)
    arms = np.zeros_like(skin)
    for k in range(1, count + 1):
        one = pieces == k
        joined = one & touch
        if not joined.any() or one.sum() < 0.0015 * wearer.tall**2:
            continue
        first = np.argwhere(joined).mean(0)
        far = np.hypot(*(np.indices(one.shape) - first[:, None, None]))
        far = np.where(one, far, 0)
        if far.max() > 1.6 * _WRIST * wearer.tall:
            tip = np.argwhere(far >= 0.97 * far.max()).mean(0)
            from_tip = np.hypot(*(np.indices(one.shape) - tip[:, None, None]))
            arms |= one & (from_tip > _WRIST * wearer.tall)
    if not arms.any():
        return []
    wide = ndimage.binary_dilation(arms, iterations=max(1, round(0.006 * wearer.tall)))
    wide &= wearer.part("background") | arms
    region = ndimage.binary_closing(old | wide, iterations=2) & (old | wide | wearer.part("background"))
    return [Place(region, region, np.zeros_like(old), "longer")]


def _shorter_sleeves(wearer: Wearer, old: BoolArray, before: Place | None = None) -> list[Place]:
    """Sleeves that end at the elbows where the old ones reach the wrists; `before`: a way that is shortened so, too."""
    if wearer.joints is None or (before is not None and before.length in BARING):
        return []
    forearms = np.zeros_like(old)
    for side in ("left", "right"):
        along, beside = along_limb(old.shape, wearer.joint(f"{side}_elbow"), wearer.joint(f"{side}_wrist"))
        forearms |= (along > _BELOW_ELBOW) & (along < 1.4) & (beside < _SLEEVE * wearer.tall)
    bare = old & forearms
    if bare.sum() < _FOREARMS * wearer.tall**2:
        return []
    region = old & ~bare
    if before is None:
        return [Place(region, region & ~wearer.part("skin", "hair", "bag"), bare, "to the elbow")]
    if before.length != "as worn":
        return []
    return [Place(region, before.seen & ~bare, bare, "to the elbow")]


def _between(mask: BoolArray) -> BoolArray:
    """Where a mask is on both sides, across or down."""
    found = np.zeros_like(mask)
    for axis in (0, 1):
        before = np.maximum.accumulate(mask, axis)
        after = np.flip(np.maximum.accumulate(np.flip(mask, axis), axis), axis)
        found |= before & after
    return found


def _row_hull(mask: BoolArray, wider: float = 0.0) -> BoolArray:
    """Each row filled from the mask's first pixel to its last, and so many pixels more."""
    found = np.zeros_like(mask)
    for row in np.flatnonzero(mask.any(1)).tolist():
        there = np.flatnonzero(mask[row])
        found[row, max(0, round(there[0] - wider)) : round(there[-1] + wider) + 1] = True
    return found
