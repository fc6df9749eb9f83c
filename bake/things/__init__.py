"""The seven things that take prints, modelled in code: one a file."""

from __future__ import annotations

from things.cushion import cushion
from things.headphones import headphones
from things.mug import mug
from things.phone_cover import phone_cover
from things.poster import poster
from things.t_shirt import t_shirt
from things.thing import Camera, Thing
from things.tote import tote

__all__ = ["THINGS", "Camera", "Thing"]

THINGS = {
    "phone_cover": phone_cover, "headphones": headphones, "mug": mug, "t_shirt": t_shirt, "tote": tote,
    "poster": poster, "cushion": cushion,
}  # fmt: skip
