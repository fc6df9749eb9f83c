"""A merchant's own GLB: read where it is sound, refused in words where it is not, turned as it is."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from tests.models.studio.turntable.made import ball_mask, striped

from bottega.errors import RequestInvalid
from bottega.models.studio.turntable.files import as_glb
from bottega.models.studio.turntable.framing import framed
from bottega.models.studio.turntable.own_model import MOST_BYTES, MOST_TRIANGLES, checked_glb, own_model
from bottega.models.studio.turntable.product_turn import product_turn

pytest.importorskip("trimesh", reason="the extra dressing is not here")


@pytest.fixture(scope="module")
def glb() -> bytes:
    turn = product_turn(framed(striped(), ball_mask()), "turned", None)
    return as_glb(turn, "compositeSynthetic")  # type: ignore[arg-type]


def _changed(glb: bytes, change: Callable[[dict[str, Any]], object]) -> bytes:
    size = struct.unpack_from("<I", glb, 12)[0]
    told = json.loads(glb[20 : 20 + size])
    change(told)
    text = json.dumps(told).encode()
    text += b" " * (-len(text) % 4)
    rest = glb[20 + size :]
    head = struct.pack("<4sII", b"glTF", 2, 20 + len(text) + len(rest)) + struct.pack("<II", len(text), 0x4E4F534A)
    return head + text + rest


def test_what_was_written_is_read_and_turns(glb: bytes) -> None:
    model = own_model(glb)
    front, right = model.draw(0, 64, 0.0), model.draw(90, 64, 0.0)
    reddish = front[32, 24].astype(int)
    bluish = front[32, 40].astype(int)
    assert reddish[0] > reddish[2] + 60 and bluish[2] > bluish[0] + 60, "colours lie where the photo has them"
    assert right[32, 24, 2] > right[32, 24, 0], "from the right one sees the right half"
    assert front[2, 2].tolist() == [255, 255, 255]
    assert b"digitalSourceType" in glb


def test_refusals_say_what_was_seen(glb: bytes) -> None:
    views: list[tuple[bytes, str]] = [
        (b"hello, I am no model at all", "begins with"),
        (glb[:-10], "says version 2"),
        (glb + b"\0" * MOST_BYTES, "MB"),
        (_changed(glb, lambda told: told["buffers"][0].update(uri="http://far.away/a.bin")), "points to"),
        (_changed(glb, lambda told: told.update(extensionsRequired=["KHR_draco_mesh_compression"])), "needs KHR_draco"),
        (_changed(glb, lambda told: told["accessors"][0].update(count=10**9)), "triangles"),
        (_changed(glb, lambda told: told["bufferViews"][0].update(byteLength=10**9)), "does not hold"),
        (_changed(glb, lambda told: told.update(meshes=[], nodes=[])), "0 triangles"),
        (_changed(glb, lambda told: told.update(meshes=3)), "cannot be read"),
    ]
    for content, said in views:
        with pytest.raises(RequestInvalid, match=said):
            checked_glb(content)
    assert MOST_TRIANGLES >= 100_000
    with pytest.raises(RequestInvalid):
        own_model(_changed(glb, lambda told: told["accessors"][0].update(type="MAT9")))


def test_nothing_far_away_is_asked_for(glb: bytes) -> None:
    picture = _changed(glb, lambda told: told["images"][0].update(uri="https://far.away/skin.png"))
    with pytest.raises(RequestInvalid, match="points to"):
        own_model(picture)
    assert np.isfinite(own_model(glb).points).all()
