"""Clips of photos that came in, and a video staged anew: what is answered, what is refused, where files lie."""

from __future__ import annotations

import shutil
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from bottega.actions.jobs.ask import start_job
from bottega.actions.jobs.shapes import StartJobRequest
from bottega.actions.studio.video.restage import refuse_restage, restage
from bottega.actions.studio.video.shapes import RestageRequest, VideoRequest
from bottega.actions.studio.video.video import make_video, video_here
from bottega.datasets.photos.provenance import SourceType, source_type_of
from bottega.errors import InputError, PhotoRefused, RequestInvalid, VideoRefused
from bottega.models.studio.video.files import as_mp4
from bottega.shop.open_shop import OpenShop
from bottega.shop.pictures.video_files import video_path
from bottega.shop.shape import Upload

has_ffmpeg = pytest.mark.skipif(
    not (shutil.which("ffmpeg") and shutil.which("ffprobe")), reason="ffmpeg and ffprobe are not on the PATH"
)


def mug(at: int = 30) -> Image.Image:
    canvas = Image.new("RGB", (120, 90), (240, 240, 236))
    ImageDraw.Draw(canvas).rectangle((at, 25, at + 35, 65), fill=(140, 40, 30))
    return canvas


def upload(name: str, picture: Image.Image | None = None) -> Upload:
    file = BytesIO()
    (picture or mug()).save(file, "PNG")
    return Upload(name=name, content=file.getvalue())


@pytest.fixture
def shop(tmp_path: Path) -> OpenShop:
    return OpenShop.open(tmp_path / "shop")


@pytest.fixture
def film(tmp_path: Path) -> Path:
    path = tmp_path / "mug.mp4"
    path.write_bytes(as_mp4([np.asarray(mug(10 + 4 * step)) for step in range(12)], 8).content)
    return path


def test_one_photo_is_zoomed_and_three_are_turned(shop: OpenShop) -> None:
    small = {"width": 80, "height": 64, "fps": 8, "seconds": 1.0}
    for count, motion in ((1, "zoom"), (2, "zoom"), (3, "turn")):
        photos = [upload(f"{k}.png", mug(10 + 20 * k)) for k in range(count)]
        answer = make_video(shop, VideoRequest.model_validate({"photos": photos, **small}))
        assert (answer.motion, answer.frames, answer.seconds) == (motion, 8, 1.0)
        assert source_type_of(answer.content) is SourceType.COMPOSED and answer.media_type == "image/webp"
        with Image.open(BytesIO(answer.content)) as found:
            assert found.size == (80, 64)


def test_a_bad_photo_costs_the_others_nothing(shop: OpenShop) -> None:
    bad = Upload(name="b.jpg", content=b"no picture")
    answer = make_video(shop, VideoRequest(photos=[upload("a.png"), bad], seconds=1, fps=5, width=64, height=64))
    assert answer.motion == "zoom" and list(answer.refused) == ["b.jpg"]
    with pytest.raises(PhotoRefused, match="no picture of a known format"):
        make_video(shop, VideoRequest(photos=[bad]))


@pytest.mark.parametrize(("size", "seen"), [((1, 1), "1 x 1 pixels"), ((10_000, 10_000), "100.0 million pixels")])
def test_sizes_beyond_the_limits_are_refused(shop: OpenShop, size: tuple[int, int], seen: str) -> None:
    with pytest.raises(PhotoRefused, match=seen):
        make_video(shop, VideoRequest(photos=[upload("a.png", Image.new("1", size))]))


def test_too_few_views_and_too_much_work_are_refused(shop: OpenShop) -> None:
    with pytest.raises(VideoRefused, match=r"of 1 photos.*3 views or more"):
        make_video(shop, VideoRequest(photos=[upload("a.png")], motion="turn"))
    much = VideoRequest(photos=[upload("a.png")], seconds=4, fps=10, width=720, height=720)
    with pytest.raises(VideoRefused, match=r"21 million pixels.*15 million.*bottega video"):
        make_video(shop, much)
    assert video_here(much.model_copy(update={"fps": 5, "seconds": 1.0})).frames == 5


@pytest.mark.parametrize(
    ("asked", "error", "seen"),
    [
        ({}, RequestInvalid, "Nothing was asked"),
        ({"background": "plaid"}, RequestInvalid, "'plaid' is no colour"),
        ({"colour": "#12345"}, RequestInvalid, "'#12345' is no colour"),
    ],
)
@has_ffmpeg
def test_what_would_fail_later_is_refused_before(asked: dict[str, str], error: type[InputError], seen: str) -> None:
    with pytest.raises(error, match=seen):
        refuse_restage(RestageRequest.model_validate({"source": "a.mp4", **asked}))


def test_without_ffmpeg_no_job_is_made(shop: OpenShop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    asked = StartJobRequest(verb="restage", request={"source": str(tmp_path / "a.mp4"), "background": "white"})
    with pytest.raises(VideoRefused, match="no ffmpeg"):
        start_job(shop, asked, here=True)


@has_ffmpeg
def test_a_video_on_another_ground_lies_in_the_shop(shop: OpenShop, film: Path) -> None:
    told: list[str] = []
    asked = RestageRequest(source=film, background="white", colour="navy", crop="square", webp=True)
    answer = restage(shop, asked, progress=lambda task, *_: told.append(task))
    content = video_path(shop.folder, answer.name).read_bytes()
    assert len(content) == answer.size_bytes and source_type_of(content) is SourceType.COMPOSED
    assert answer.frames == 12 and answer.width == answer.height and answer.flicker_after <= answer.flicker_before
    with Image.open(BytesIO(content)) as found:
        first = np.asarray(found.convert("RGB")).astype(int)
    assert first[:3].min() > 245
    middle = first[first.shape[0] // 2, first.shape[1] // 2]
    assert middle[2] > middle[0] + 20, "the red mug is navy"
    assert {"finding the product", "staging it anew"} <= set(told)


@has_ffmpeg
def test_where_no_product_is_seen_that_is_said(
    shop: OpenShop, tmp_path: Path, ships: object, plain_parts: type
) -> None:
    noise = np.random.default_rng(0).integers(0, 255, (64, 64, 3)).astype(np.uint8)
    (tmp_path / "noise.mp4").write_bytes(as_mp4([noise] * 4, 4).content)
    with pytest.raises(VideoRefused, match="no product"):
        from bottega.actions.studio.video.restage import restaged

        restaged(
            RestageRequest(source=tmp_path / "noise.mp4", background="white"),
            lambda frame: np.ones(frame.shape[:2], bool),
        )


@pytest.mark.parametrize("name", ["../shop.db", "v-0.mp4", "", "v-000000000000000000000000.mp4"])
def test_no_other_file_is_given_out(shop: OpenShop, name: str) -> None:
    with pytest.raises(InputError, match="There is no video"):
        video_path(shop.folder, name)
