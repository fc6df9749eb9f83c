"""A dressed figure from all sides, and as a 3D file."""

from __future__ import annotations

import builtins
import io
import json
import struct

import numpy as np
import pytest
from tests.models.studio.dressed.shells import shell, squares

from bottega.datasets.photos.provenance import SourceType
from bottega.errors import RequestInvalid
from bottega.models.studio.bodies.appearance import Appearance
from bottega.models.studio.bodies.body import body
from bottega.models.studio.dressed.fitted import Fitted, fitted
from bottega.models.studio.dressed.turn import solids_of, turned
from bottega.models.studio.solids import as_glb

LOOK = Appearance(skin="monk_4", hair="bob")


@pytest.fixture(scope="module")
def outfit() -> Fitted:
    mesh = body("man_24")
    return fitted(mesh, [shell(mesh, "top", squares((200, 40, 40), (240, 240, 240))),
                         shell(mesh, "trousers", squares((40, 60, 150), (40, 60, 150)))])  # fmt: skip


def test_a_turn_keeps_its_height_and_shows_all_sides(outfit: Fitted) -> None:
    frames = list(turned(outfit, LOOK, "walking_left", 8, (90, 120)))
    ground = frames[0][2, 2].astype(int)
    tops, widths = [], []
    for frame in frames:
        figure = np.abs(frame.astype(int) - ground).max(2) > 40
        rows, columns = np.flatnonzero(figure.any(1)), np.flatnonzero(figure.any(0))
        tops.append(rows[0])
        widths.append((columns[0], columns[-1]))
        assert columns[0] > 0 and columns[-1] < 89, "nothing leaves the picture"
    assert max(tops) - min(tops) <= 2
    assert widths[0] != widths[2]
    assert np.abs(frames[0].astype(int) - frames[4].astype(int)).mean() > 1


def test_the_file_holds_the_figure_and_each_piece_with_its_picture(outfit: Fitted) -> None:
    trimesh = pytest.importorskip("trimesh")
    content = as_glb(solids_of(outfit, LOOK, "standing"), SourceType.COMPOSED)
    scene = trimesh.load(io.BytesIO(content), file_type="glb")
    assert {"figure", "hair", "top 1", "trousers 2"} <= set(scene.geometry)
    low, high = scene.bounds
    assert high[1] - low[1] == pytest.approx(body("man_24").build.height_cm / 100, abs=0.08)
    assert low[1] == pytest.approx(0, abs=0.01), "it stands on the ground, y up"
    top = scene.geometry["top 1"]
    assert top.visual.material.baseColorTexture.size == (256, 128)
    front = top.vertices[:, 2] > np.median(top.vertices[:, 2]) + 0.05
    assert (top.visual.uv[front, 0] <= 0.5).mean() > 0.95, "its front faces +z and wears the front of the picture"
    length = struct.unpack("<I", content[12:16])[0]
    assert json.loads(content[20 : 20 + length])["asset"]["extras"]["digitalSourceType"] == "compositeSynthetic"


def test_without_trimesh_it_is_said(outfit: Fitted, monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *more: object, **named: object) -> object:
        if name.split(".")[0] == "trimesh":
            raise ImportError(name)
        return real(name, *more, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(RequestInvalid, match=r"pip install 'bottega\[dressing\]'"):
        as_glb(solids_of(outfit, LOOK, "standing"), SourceType.COMPOSED)
