"""Clips go round without a jump and fit the size asked; a video staged anew is steadier and no less true."""

from __future__ import annotations

import shutil
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageSequence
from scipy import ndimage

from bottega.datasets.photos.provenance import SourceType, source_type_of
from bottega.datasets.photos.reading import Photo
from bottega.errors import VideoRefused
from bottega.models.studio.video.clip import as_webp
from bottega.models.studio.video.files import LONGEST_S, as_mp4, read_video
from bottega.models.studio.video.moves import MOTIONS, Motion, frames_of, jump
from bottega.models.studio.video.staged import Staging, flicker, motion, stage, steady
from bottega.names import BoolArray

has_ffmpeg = pytest.mark.skipif(
    not (shutil.which("ffmpeg") and shutil.which("ffprobe")), reason="ffmpeg and ffprobe are not on the PATH"
)


def picture(at: int = 60, size: tuple[int, int] = (200, 150)) -> Photo:
    canvas = Image.new("RGB", size, (235, 235, 230))
    draw = ImageDraw.Draw(canvas)
    draw.rectangle((at, 40, at + 60, 110), fill=(30, 90, 60))
    draw.ellipse((at + 20, 55, at + 40, 75), fill=(220, 200, 40))
    return np.asarray(canvas)


def moving(count: int = 16) -> tuple[list[Photo], BoolArray]:
    frames = [picture(20 + 4 * step) for step in range(count)]
    return frames, np.stack([frame[..., 2] < 150 for frame in frames])


@pytest.mark.parametrize("move", MOTIONS)
@pytest.mark.parametrize("closed", [False, True])
def test_every_move_ends_where_it_began(move: Motion, closed: bool) -> None:
    photos = [picture(20 + 30 * k) for k in range(4)]
    if move != "turn":
        photos = photos[:1]
    frames = list(frames_of(photos, move, 30, (96, 64), closed=closed))
    assert len(frames) == 30 and {frame.shape for frame in frames} == {(64, 96, 3)}
    assert len({frame.tobytes() for frame in frames}) >= 8, "something moves"
    assert jump(frames) <= 1.001
    assert jump(frames[: 2 * len(frames) // 5]) > jump(frames), "a clip that breaks off jumps more"


def test_a_turn_shows_every_view_and_nothing_that_is_none() -> None:
    photos = [np.full((40, 40, 3), level, np.uint8) for level in (10, 90, 250)]
    levels = [int(frame[20, 20, 0]) for frame in frames_of(photos, "turn", 60, (40, 40))]
    assert {10, 90, 250} <= set(levels) and levels[0] == 10
    assert levels == [levels[0], *levels[1:][::-1]], "there, and the same way back"
    circle = [int(frame[20, 20, 0]) for frame in frames_of(photos, "turn", 60, (40, 40), closed=True)]
    assert circle[45:] == sorted(circle[45:], reverse=True) and circle[-1] == 10, "the last view leads to the first"


def test_a_webp_goes_round_says_how_it_was_made_and_keeps_its_time() -> None:
    frames = list(frames_of([picture()], "zoom", 20, (160, 120)))
    clip = as_webp(frames, 12, most_bytes=2_000_000)
    assert source_type_of(clip.content) is SourceType.COMPOSED
    with Image.open(BytesIO(clip.content)) as found:
        assert found.format == "WEBP" and found.info["loop"] == 0 and found.size == (160, 120)
        spent = 0.0
        for frame in ImageSequence.Iterator(found):
            frame.load()
            spent += float(frame.info["duration"])
    assert spent == pytest.approx(1000 * 20 / 12, abs=1.5) and clip.seconds == pytest.approx(20 / 12, abs=0.001)


def test_a_clip_that_is_too_large_becomes_coarser_and_then_smaller() -> None:
    rng = np.random.default_rng(0)
    frames = [rng.integers(0, 255, (160, 160, 3)).astype(np.uint8) for _ in range(8)]
    large = as_webp(frames, 10, most_bytes=2_000_000)
    small = as_webp(frames, 10, most_bytes=30_000)
    assert len(large.content) > 60_000 > 30_000 >= len(small.content) and small.width < 160 and small.frames == 8


def test_the_vote_over_time_takes_the_flicker_out_and_not_the_product() -> None:
    frames, truth = moving()
    rng = np.random.default_rng(0)
    rough = np.stack(
        [
            mask
            ^ (ndimage.gaussian_filter(rng.normal(size=mask.shape), 2) > 0.16) & ndimage.binary_dilation(mask, None, 4)
            for mask in truth
        ]
    )
    moves = motion(frames, rough)
    assert np.abs(moves[:, 1] - 4 * np.arange(len(frames))).max() < 1.5 and np.abs(moves[:, 0]).max() < 1.5
    held = steady(rough, moves) > 0.5
    assert flicker(held, moves) < 0.6 * flicker(rough, moves)

    def overlap(masks: BoolArray) -> float:
        return float((masks & truth).sum() / (masks | truth).sum())

    assert overlap(held) > overlap(rough) > 0.5


def test_ground_colour_and_crop_become_what_was_asked_in_every_frame() -> None:
    frames, truth = moving()
    order = iter(range(len(frames)))
    found = stage(frames, 10, Staging((250, 10, 10), (60.0, 0.0, 0.0), "square"), lambda _: truth[next(order)])
    assert found is not None
    assert len({frame.shape for frame in found.frames}) == 1 and found.frames[0].shape[0] == found.frames[0].shape[1]
    for frame in found.frames:
        assert (frame[:3] == (250, 10, 10)).all() and (frame[-3:] == (250, 10, 10)).all()
    middles = [np.argwhere((frame != (250, 10, 10)).any(2)).mean(0) for frame in found.frames]
    assert np.abs(np.diff(middles, axis=0)).max() < 3, "the crop follows the product, which moved by 4 a frame"


def test_a_frame_in_which_nothing_was_told_takes_its_neighbours_mask() -> None:
    frames, truth = moving()
    masks = [np.ones_like(mask) if place in (0, 7) else mask for place, mask in enumerate(truth)]
    order = iter(range(len(frames)))
    found = stage(frames, 10, Staging(background=(255, 255, 255)), lambda _: masks[next(order)])
    assert found is not None and all((frame[:5] == 255).all() for frame in found.frames)
    assert stage(frames, 10, Staging(), lambda frame: np.ones(frame.shape[:2], bool)) is None


def test_without_ffmpeg_that_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / "a.mp4").write_bytes(b"\0\0\0\x18ftypmp42" + b"\0" * 40)
    with pytest.raises(VideoRefused, match=r"no ffmpeg on this machine's PATH.*apt install ffmpeg"):
        read_video(tmp_path / "a.mp4")
    with pytest.raises(VideoRefused, match="no ffmpeg"):
        as_mp4(moving()[0], 10)


@has_ffmpeg
def test_what_is_written_is_read_back_and_says_how_it_was_made(tmp_path: Path) -> None:
    frames, _ = moving()
    clip = as_mp4([frame[:149] for frame in frames], 10)  # an odd height
    assert (clip.width, clip.height) == (200, 148) and b"digitalsourcetype/compositeSynthetic" in clip.content
    (tmp_path / "clip.mp4").write_bytes(clip.content)
    found = read_video(tmp_path / "clip.mp4")
    assert found.fps == 10 and len(found.frames) == len(frames)
    assert np.abs(found.frames[5].astype(int) - frames[5][:148]).mean() < 4


@has_ffmpeg
@pytest.mark.parametrize(
    ("content", "seen"),
    [
        (b"", "empty"),
        (b"no video at all", "no video of a known format"),
        (b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n", "no video of a known format"),
        (b"ffconcat version 1.0\nfile '/etc/passwd'\n", "no video of a known format"),
        (b"\0\0\0\x18ftypmp42" + b"\0" * 200, "damaged or cut short"),
    ],
)
def test_what_is_no_video_is_refused(tmp_path: Path, content: bytes, seen: str) -> None:
    (tmp_path / "a.mp4").write_bytes(content)
    with pytest.raises(VideoRefused, match=seen):
        read_video(tmp_path / "a.mp4", name="mug.mp4")


@has_ffmpeg
def test_a_video_that_is_too_long_or_cut_short_is_refused(tmp_path: Path) -> None:
    still = [picture(size=(64, 48))] * ((LONGEST_S + 2) * 2)
    whole = as_mp4(still, 2).content
    (tmp_path / "long.mp4").write_bytes(whole)
    with pytest.raises(VideoRefused, match=rf"lasts {LONGEST_S + 2} seconds"):
        read_video(tmp_path / "long.mp4")
    (tmp_path / "cut.mp4").write_bytes(whole[: len(whole) // 4])
    with pytest.raises(VideoRefused, match=r"damaged or cut short|no frame|no pictures"):
        read_video(tmp_path / "cut.mp4")
