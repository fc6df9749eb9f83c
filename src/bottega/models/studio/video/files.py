"""Video files, read and written by an ffmpeg that the machine has; none comes along.

Idea     A file is judged by its first bytes, and only the reader of that container is started on it, which may open
         nothing but that file: lists of segments and the like, by which a file could name others, are not read at all.
Source   ffmpeg, https://ffmpeg.org/ffmpeg.html; XMP in MP4: XMP specification part 3, section 1.2.7 (a `uuid` box).
Costs    Frames are held whole: `LONGEST_S` seconds at `MOST_FPS` and `MOST_PX` are about 350 MB.
Shapes   Frames uint8 [H, W, 3].
"""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import numpy as np

from bottega.datasets.photos.provenance import SourceType, packet_of
from bottega.datasets.photos.reading import Photo
from bottega.errors import VideoRefused
from bottega.models.studio.video.clip import Clip

__all__ = ["LONGEST_S", "MOST_BYTES", "MOST_FPS", "MOST_PX", "VideoFrames", "as_mp4", "ffmpeg", "read_video"]

MOST_BYTES = 100 * 1024 * 1024
LONGEST_S, MOST_FPS, MOST_PX = 12, 24, 640
"""Of what is read: seconds a file may last; frames a second, and pixels of the longer side, it is brought down to."""
_LEAST_PX = 16
_XMP = UUID("be7acfcb-97a9-42e8-9c71-999491e3afac").bytes
_WAIT_S = 180
_ALLOWED = f"A video may be MP4, MOV, WebM, MKV or AVI, of at most {LONGEST_S} seconds and {MOST_BYTES // 1024**2} MB."


@dataclass(frozen=True, slots=True)
class VideoFrames:
    """What a file shows, and how many frames a second."""

    frames: tuple[Photo, ...]
    fps: float


def ffmpeg(name: str = "ffmpeg") -> str:
    """Where the program is. Raises `VideoRefused` where there is none."""
    found = shutil.which(name)
    if found is None:
        raise VideoRefused(
            f"There is no {name} on this machine's PATH.",
            allowed="Videos are read and MP4 files written by ffmpeg, which does not come along.",
            next_step="Install it (`apt install ffmpeg`, `brew install ffmpeg`); clips as WebP need none.",
        )
    return found


def read_video(path: Path, *, name: str = "") -> VideoFrames:
    """The frames of a file, upright. Raises `VideoRefused`; `name` is what messages call it."""
    name = name or path.name
    try:
        size = path.stat().st_size
        with path.open("rb") as stream:
            container = _container(stream.read(64))
    except OSError as error:
        raise _refused(name, f"cannot be read ({error.strerror})", "Check the path.") from error
    if not size:
        raise _refused(name, "is empty (0 bytes)", "Send it again; the upload may have been cut.")
    if size > MOST_BYTES:
        raise _refused(name, f"has {size / 1024**2:.0f} MB", "Save it smaller, or a part of it.")
    if not container:
        raise _refused(name, "is no video of a known format", "Export it as MP4.")
    program, prober = ffmpeg(), ffmpeg("ffprobe")
    only = ["-protocol_whitelist", "file", "-f", container]
    rate, seconds = _told(prober, [*only], path, name)
    if seconds > LONGEST_S:
        raise _refused(name, f"lasts {seconds:.0f} seconds", "Send the part of it that matters.")
    fps = min(rate, float(MOST_FPS))
    fits = f"scale=w='min({MOST_PX},iw)':h='min({MOST_PX},ih)':force_original_aspect_ratio=decrease,fps={fps:g}"
    read = [
        program,
        "-v",
        "error",
        "-nostdin",
        *only,
        "-i",
        f"file:{path.absolute()}",
        "-t",
        str(LONGEST_S),
        "-an",
        "-sn",
    ]
    content = _run([*read, "-vf", fits, "-f", "image2pipe", "-c:v", "ppm", "-"], name)
    frames = _frames(content)
    if not frames:
        raise _refused(name, "has no frame that can be read", "Export it again as MP4.")
    if min(frames[0].shape[:2]) < _LEAST_PX:
        raise _refused(name, f"has {frames[0].shape[1]} x {frames[0].shape[0]} pixels", "Send a larger one.")
    return VideoFrames(frames, fps)


def as_mp4(frames: Sequence[Photo], fps: float, *, source_type: SourceType = SourceType.COMPOSED) -> Clip:
    """The frames as MP4 (H.264 where this ffmpeg has it). Raises `VideoRefused`."""
    program = ffmpeg()
    height, width = (side - side % 2 for side in frames[0].shape[:2])
    coders = subprocess.run([program, "-v", "error", "-encoders"], capture_output=True, text=True, check=False).stdout
    coder = ["libx264", "-crf", "21", "-preset", "medium"] if "libx264" in coders else ["mpeg4", "-q:v", "4"]
    given = b"".join(np.ascontiguousarray(frame[:height, :width]).tobytes() for frame in frames)
    with tempfile.TemporaryDirectory(prefix="bottega-video-") as folder:
        target = Path(folder) / "clip.mp4"
        shape = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{width}x{height}", "-r", f"{fps:g}", "-i", "-"]
        write = ["-an", "-c:v", *coder, "-pix_fmt", "yuv420p", "-movflags", "+faststart", str(target)]
        _run([program, "-v", "error", *shape, *write], "The clip", given)
        content = target.read_bytes()
    packet = _XMP + packet_of(source_type)
    content += (len(packet) + 8).to_bytes(4, "big") + b"uuid" + packet
    return Clip(content, "video/mp4", width, height, len(frames), round(len(frames) / fps, 3))


def _container(begin: bytes) -> str:
    """ffmpeg's name of the container's reader; "" for what is none."""
    if begin[4:8] == b"ftyp" or begin[4:8] in (b"moov", b"mdat", b"wide", b"free"):
        return "mov"
    if begin.startswith(b"\x1a\x45\xdf\xa3"):
        return "matroska"
    return "avi" if begin.startswith(b"RIFF") and begin[8:12] == b"AVI " else ""


def _told(prober: str, only: list[str], path: Path, name: str) -> tuple[float, float]:
    """Frames a second, and seconds."""
    asks = ["-show_entries", "stream=avg_frame_rate,r_frame_rate:format=duration", "-select_streams", "v:0"]
    said = _run([prober, "-v", "error", *only, *asks, "-of", "json", f"file:{path.absolute()}"], name)
    found = json.loads(said or b"{}")
    streams = found.get("streams") or []
    if not streams:
        raise _refused(name, "has no pictures in it", "Export it again as MP4.")
    rates = [_ratio(streams[0].get(key, "")) for key in ("avg_frame_rate", "r_frame_rate")]
    seconds = found.get("format", {}).get("duration")
    return next((rate for rate in rates if 1 <= rate <= 240), float(MOST_FPS)), float(seconds or 0)


def _ratio(text: str) -> float:
    above, _, below = text.partition("/")
    try:
        return float(above) / float(below or 1)
    except (ValueError, ZeroDivisionError):
        return 0.0


def _run(command: list[str], name: str, given: bytes | None = None) -> bytes:
    try:
        done = subprocess.run(command, input=given, capture_output=True, timeout=_WAIT_S, check=False)
    except subprocess.TimeoutExpired as error:
        raise _refused(name, f"took ffmpeg more than {_WAIT_S} seconds", "Send a shorter or smaller one.") from error
    if done.returncode:
        raise _refused(name, "is damaged or cut short", "Export or upload the video again.")
    return done.stdout


def _frames(content: bytes) -> tuple[Photo, ...]:
    """Frames out of a row of PPM files, each `P6 width height 255` and its pixels."""
    found, at = [], 0
    while content.startswith(b"P6", at):
        parts = content[at : at + 40].split(maxsplit=4)
        width, height = int(parts[1]), int(parts[2])
        begins = content.index(b"255", at + 2) + 4
        pixels = np.frombuffer(content, np.uint8, width * height * 3, begins)
        found.append(pixels.reshape(height, width, 3))
        at = begins + width * height * 3
    return tuple(found)


def _refused(name: str, seen: str, next_step: str) -> VideoRefused:
    return VideoRefused(f"{name[:80] or 'The video'} {seen}.", allowed=_ALLOWED, next_step=next_step)
