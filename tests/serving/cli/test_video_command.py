"""`bottega video`: a clip beside the photos, a video staged anew beside the one that came."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw
from typer.testing import CliRunner

from bottega.models.studio.video.files import as_mp4
from bottega.serving.cli.main import app

has_ffmpeg = pytest.mark.skipif(
    not (shutil.which("ffmpeg") and shutil.which("ffprobe")), reason="ffmpeg and ffprobe are not on the PATH"
)
SMALL = ("--seconds", "1", "--fps", "6", "--width", "96", "--height", "64")


def mug(at: int) -> Image.Image:
    canvas = Image.new("RGB", (120, 90), (240, 240, 236))
    ImageDraw.Draw(canvas).rectangle((at, 25, at + 35, 65), fill=(140, 40, 30))
    return canvas


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, at in (("a", 10), ("b", 30), ("c", 50)):
        mug(at).save(tmp_path / f"{name}.png")
    return tmp_path


def test_photos_become_a_clip_beside_the_first(folder: Path) -> None:
    done = CliRunner().invoke(app, ["video", "a.png", "b.png", "c.png", *SMALL, "--json"])
    assert done.exit_code == 0, done.output
    told = json.loads(done.output)
    assert told["file"] == "a.clip.webp" and told["motion"] == "turn" and "content" not in told
    assert (folder / "a.clip.webp").stat().st_size == told["size_bytes"]


@has_ffmpeg
def test_a_video_of_ones_own_is_staged_anew(folder: Path) -> None:
    film = as_mp4([np.asarray(mug(10 + 4 * step)) for step in range(8)], 8).content
    (folder / "film.mp4").write_bytes(film)
    done = CliRunner().invoke(app, ["video", "film.mp4", "--own", "--background", "white", "--crop", "portrait"])
    assert done.exit_code == 0, done.output
    assert "film.restaged.mp4" in done.output and "flickers by" in done.output
    assert (folder / "film.restaged.mp4").exists() and (folder / "film.mp4").read_bytes() == film


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nobody.png",), "cannot be read"),
        (("a.png", "--motion", "spin"), "turn"),
        (("a.png", "b.png", "--motion", "turn"), "3 views or more"),
        (("a.png", "b.png", "--own", "--background", "white"), "takes one video"),
        (("a.png", "--fps", "1"), "5"),
    ],
)
def test_what_cannot_be_done_is_said(folder: Path, arguments: tuple[str, ...], said: str) -> None:
    done = CliRunner().invoke(app, ["video", *arguments], terminal_width=200)
    assert done.exit_code not in (0, 1) and said in done.output and "Traceback" not in done.output
