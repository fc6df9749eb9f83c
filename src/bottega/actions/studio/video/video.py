"""Video: photos of a product that came in, given back as a short clip. Nothing of them is kept."""

from __future__ import annotations

import time

from bottega.actions.studio.video.shapes import VideoAnswer, VideoRequest
from bottega.datasets.photos.provenance import SourceType
from bottega.datasets.photos.reading import Photo, read_photo
from bottega.errors import PhotoRefused, VideoRefused
from bottega.models.studio.video.clip import as_webp
from bottega.models.studio.video.files import as_mp4, ffmpeg
from bottega.models.studio.video.moves import VIEWS_MIN, Motion, frames_of
from bottega.progress import Progress, silent
from bottega.shop.open_shop import OpenShop

__all__ = ["MOST_WORK_PX", "make_video", "video_here"]

MOST_WORK_PX = 15_000_000
"""Pixels of all frames together for one answer: about two seconds of one core."""


def make_video(shop: OpenShop, request: VideoRequest) -> VideoAnswer:
    """A clip of the photos. Raises `PhotoRefused` when none can be read, `VideoRefused` for too few views, too much
    work for one answer, or MP4 without ffmpeg."""
    del shop  # nothing of a shop is asked
    return _made(request, MOST_WORK_PX, silent)


def video_here(request: VideoRequest, *, progress: Progress = silent) -> VideoAnswer:
    """The same for somebody who sits at this machine and sees the progress; no shop is needed."""
    return _made(request, None, progress)


def _made(request: VideoRequest, most_px: int | None, progress: Progress) -> VideoAnswer:
    started = time.perf_counter()
    count = max(2, round(request.seconds * request.fps))
    if request.mp4:
        ffmpeg()
    _check_work(count * request.width * request.height, most_px)
    photos: list[Photo] = []
    refused: dict[str, str] = {}
    first: PhotoRefused | None = None
    for upload in request.photos:
        try:
            photos.append(read_photo(upload.content, name=upload.name))
        except PhotoRefused as refusal:
            first, refused[upload.name] = first or refusal, str(refusal)
    if not photos:
        assert first is not None
        raise first
    motion: Motion = request.motion or ("turn" if len(photos) >= VIEWS_MIN else "zoom")
    if motion == "turn" and len(photos) < VIEWS_MIN:
        raise VideoRefused(
            f"A turn was asked for, of {len(photos)} photos that can be read.",
            allowed=f"It takes {VIEWS_MIN} views or more, in the order they lie round the product.",
            next_step="Send more of them, or ask for pan or zoom.",
        )
    frames = []
    for frame in frames_of(photos, motion, count, (request.width, request.height), closed=request.closed):
        frames.append(frame)
        progress("drawing frames", len(frames), count)
    if request.mp4:
        clip = as_mp4(frames, request.fps)
    else:
        clip = as_webp(frames, request.fps, most_bytes=1000 * request.most_kb, progress=progress)
    return VideoAnswer(
        media_type=clip.media_type,
        motion=motion,
        width=clip.width,
        height=clip.height,
        frames=clip.frames,
        seconds=clip.seconds,
        size_bytes=len(clip.content),
        source_type=SourceType.COMPOSED,
        refused=refused,
        content=clip.content,
        took_ms=round((time.perf_counter() - started) * 1000, 3),
    )


def _check_work(work: int, most_px: int | None) -> None:
    if most_px is not None and work > most_px:
        raise VideoRefused(
            f"The frames have {work / 1e6:.0f} million pixels together.",
            allowed=f"One answer draws {most_px / 1e6:.0f} million; 3 seconds of 480 x 480 at 15 a second are 10.",
            next_step="Ask for fewer seconds or frames or a smaller clip; `bottega video` takes as long as it needs.",
        )
