"""Song art: a song as a picture, in which one can find it again.

Idea     The picture is a field of colour, and strokes that are painted over it along a stream. Each thing heard moves
         the field in a shape of its own, and no shape is like another: timbre lays rings of light, its unrest rings of
         colour, the pitch classes in fifths sectors once round, each with its hue, and the rhythm petals at the rim.
         So how far two fields are apart is how far two songs are. How long, wide and frayed the strokes are, tells
         onsets, noise, loudness and beat, and what is new in the course of the song opens a wreath of light.
Differs  Nothing is drawn by lot and nothing is hashed: every number of the song moves the picture a little and
         steadily, so the same song gives the same picture, and like songs like ones.
Costs    benchmarks/print_on.md.
Shapes   P pixels of the square's side, S strokes; colours are OKLab (L, a, b), https://bottosson.github.io/posts/oklab/.
"""

from __future__ import annotations

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy.fft import dct

from bottega.datasets.photos.provenance import SourceType, marked
from bottega.models.blocks.jit import kernel
from bottega.models.studio.songs.song import HeardSong, hear
from bottega.names import FloatArray
from bottega.progress import Progress, silent

__all__ = ["PAINTED_PX", "paint", "painted"]

PAINTED_PX = 2000
"""Side of a song's picture for a print."""
STROKES = 26000
_FIFTHS = np.array([0, 7, 2, 9, 4, 11, 6, 1, 8, 3, 10, 5])
_TURN = np.pi * (3 - np.sqrt(5))
_REACH = 1.18
"""Half of the picture's side; the wheel of notes has the radius 1."""
_RINGS = 12
_TIMBRE = np.array([3.0, 2.4, 1.9, 1.2, 1.1, 1.0, 0.7, 0.6, 0.45, 0.43, 0.35, 0.38])
_TIMBRE_USUAL = np.array([3.8, -1.7, -0.6, 0.1, 0.3, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0])
_UNREST = np.array([1.6, 1.1, 0.8, 0.57, 0.45, 0.33, 0.27, 0.27, 0.25, 0.19, 0.25, 0.23])
_UNREST_USUAL = np.array([4.2, 1.0, -0.2, 0.25, 0.15, 0.1, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0])
_NOTES, _RHYTHM, _RHYTHM_USUAL = 0.3, 0.22, 0.2
"""What is usual over songs of many kinds, and how far they usually lie from it."""
_LIGHT, _PETAL, _SECTOR, _COLOUR = 0.165, 0.15, 0.075, 0.06
"""How far rings, petals, sectors and rings of colour move the field, where a song lies so far from what is usual."""


def painted(content: bytes, name: str = "", *, progress: Progress = silent) -> bytes:
    """The picture of a song as a JPEG file, which says that rules drew it. Raises `SoundRefused`."""
    out = io.BytesIO()
    heard = hear(content, name, progress=progress)
    progress("painting", 0, 1)
    Image.fromarray(paint(heard, PAINTED_PX)).save(out, "JPEG", quality=95, subsampling=0)
    progress("painting", 1, 1)
    return marked(out.getvalue(), SourceType.DRAWN)


def paint(song: HeardSong, px: int) -> NDArray[np.uint8]:
    """The picture [P, P, 3] of a song."""
    y, x = np.meshgrid(*(np.linspace(-_REACH, _REACH, px, dtype=np.float32),) * 2, indexing="ij")
    canvas = np.ascontiguousarray(_field(song, x, y))
    xs, ys, lengths, widths, covers, colours = _laid(song)
    _strokes(canvas, xs, ys, lengths, widths, covers, colours, _stream(song), float(px))
    return _srgb(canvas)


def _field(song: HeardSong, x: FloatArray, y: FloatArray) -> FloatArray:
    """The colours [..., 3] at places, in OKLab."""
    radius, turn = np.hypot(x, y), np.arctan2(y, x)
    # Rings of much the same area, so that none counts more.
    within = np.asarray(np.clip(radius / 1.5, 0, 1) ** 1.2, np.float32)
    around = np.asarray((turn / (2 * np.pi)) % 1, np.float32)
    light = _rings(within, (dct(song.timbre, norm="ortho")[1 : _RINGS + 1] - _TIMBRE_USUAL) / _TIMBRE)
    unrest = _rings(within, (dct(song.movement, norm="ortho")[:_RINGS] - _UNREST_USUAL) / _UNREST)
    classes = song.notes.mean(0)[_FIFTHS]
    sector = _round(around, (np.sqrt(classes / max(float(classes.mean()), 1e-9)) - 1) / _NOTES)
    pulse = (song.rhythm.reshape(8, 2).max(1) - _RHYTHM_USUAL) / _RHYTHM
    petal = _round(around, pulse) * np.clip((radius - 0.35) / 0.4, 0, 1)
    wreath = _round(around, song.novelty)
    hue = 2 * np.pi * around
    colour = np.empty((*radius.shape, 3), np.float32)
    colour[..., 0] = (
        0.56
        + _LIGHT * np.tanh(0.7 * light) / 0.7
        + _PETAL * np.tanh(0.6 * petal)
        + 0.10 * wreath * np.exp(-(((radius - 1.0) / 0.05) ** 2))
    )
    sector, unrest = _SECTOR * np.tanh(0.7 * sector) / 0.7, _COLOUR * np.tanh(0.7 * unrest) / 0.7
    colour[..., 1] = sector * np.cos(hue) + unrest * 0.75
    colour[..., 2] = sector * np.sin(hue) + unrest * 0.66
    return colour


def _rings(within: FloatArray, values: NDArray[np.float64]) -> FloatArray:
    """Cosines from the middle to the rim, each as strong as its value; about 1 where values are usual in size."""
    ramp = np.linspace(0, 1, 512)
    waves = np.cos(np.pi * np.arange(1, len(values) + 1)[:, None] * ramp) * (values / np.sqrt(len(values) / 2))[:, None]
    return np.asarray(np.interp(within, ramp, waves.sum(0)), np.float32)


def _round(around: FloatArray, values: FloatArray) -> FloatArray:
    """Values once round the middle, without a seam."""
    return np.asarray(
        np.interp(around, np.arange(len(values) + 1) / len(values), np.append(values, values[0])), np.float32
    )


def _laid(song: HeardSong) -> tuple[FloatArray, ...]:
    """Of each stroke: x, y, length, width, how much it covers; and its colour [S, 3]."""
    number = np.arange(STROKES)
    radius = 1.75 * np.sqrt((number + 0.5) / STROKES)
    turn = number * _TURN
    x, y = (np.asarray(radius * part, np.float32) for part in (np.cos(turn), np.sin(turn)))
    colour = _field(song, x, y)
    octave = np.clip((radius - 0.08) / 1.12 * 7 - 0.5, 0, 6)
    place = (turn / (2 * np.pi) * 12) % 12
    even = song.notes[:, _FIFTHS] / (0.15 + song.notes.mean(1, keepdims=True)) ** 0.55  # treble is soft, and shows
    notes = np.log1p(3 * np.maximum(even, 0)) / np.log1p(6)
    sounds = np.clip(notes[octave.round().astype(int), place.round().astype(int) % 12], 0, 2.2)
    held = 1 / (1 + np.exp(0.8 * (song.onsets - 4.5)))
    own = np.cos(7.0 * number), np.cos(2.3 * number + 1), np.cos(3.7 * number + 2)
    length = (0.05 + 0.22 * held) * (0.4 + 0.7 * sounds) * (1 - 0.5 * song.noise) * (1 + 0.5 * own[1])
    width = (0.0016 + 0.0030 * _soft((song.range_db - 7) / 4)) * (0.5 + 0.7 * sounds) * (1 + 0.4 * own[2])
    cover = np.clip(0.35 + 0.45 * sounds, 0, 0.95) * (0.4 + 0.6 * own[0] ** 2)
    # The shimmer of neighbours: lighter and darker, warmer and colder, the field's own colour in the mean.
    shimmer = (0.045 + 0.05 * np.clip(sounds, 0, 1.4))[:, None] * np.stack([own[1], 0.45 * own[2], 0.45 * own[0]], 1)
    order = np.argsort(sounds, kind="stable")  # what sounds most lies on top
    laid = (x, y, length, width, cover)
    return tuple(np.asarray(each[order], np.float32) for each in (*laid, colour + shimmer))


def _stream(song: HeardSong) -> FloatArray:
    """What the strokes follow: swirl, how far they fray, how fine the fraying is, and the ripples of the beat."""
    swirl = 0.9 * (_soft((song.tempo - 110) / 35) - 0.5)
    fray = 0.25 + 1.5 * _soft((song.onsets - 4.5) / 2.0) * (0.4 + song.noise)
    fine = 2.0 + 5.0 * _soft((song.range_db - 9) / 5)
    return np.array([swirl, fray, fine, song.beat], np.float32)


def _soft(value: float) -> float:
    """0 to 1, steepest at 0."""
    return float(1 / (1 + np.exp(-2 * value)))


@kernel
def _strokes(
    canvas: FloatArray,
    xs: FloatArray,
    ys: FloatArray,
    lengths: FloatArray,
    widths: FloatArray,
    covers: FloatArray,
    colours: FloatArray,
    stream: FloatArray,
    px: float,
) -> None:
    """Draw every stroke along the stream: soft discs, close enough to be a line, thinner at both ends."""
    scale = px / (2 * _REACH)
    for s in range(len(xs)):
        x, y = xs[s], ys[s]
        widest = max(widths[s] * scale, 0.45)
        step = max(0.5 * widest, 0.6) / scale
        count = max(1, int(lengths[s] / step))
        cover = covers[s] * min(1.0, 0.5 * widest + 0.35) * 0.55
        for k in range(count):
            along = (k + 0.5) / count
            ends = 4 * along * (1 - along)
            reach = widest * (0.35 + 0.65 * ends)
            cx, cy = (x + _REACH) * scale, (y + _REACH) * scale
            y0, y1 = max(0, int(cy - reach - 1)), min(int(px) - 1, int(cy + reach + 1))
            x0, x1 = max(0, int(cx - reach - 1)), min(int(px) - 1, int(cx + reach + 1))
            for i in range(y0, y1 + 1):
                for j in range(x0, x1 + 1):
                    away = np.sqrt((i - cy) ** 2 + (j - cx) ** 2)
                    share = cover * min(1.0, max(0.0, reach + 0.5 - away))
                    if share > 0:
                        for c in range(3):
                            canvas[i, j, c] += share * (colours[s, c] - canvas[i, j, c])
            angle = np.arctan2(y, x) + np.pi / 2 - stream[0]
            fine = stream[2]
            angle += stream[1] * (
                np.sin(fine * x + 1.7 * np.sin(0.8 * fine * y + 0.5))
                * np.cos(0.9 * fine * y + 1.3 * np.sin(0.7 * fine * x + 2.0))
            )
            x += step * np.cos(angle)
            y += step * np.sin(angle)


def _srgb(lab: FloatArray) -> NDArray[np.uint8]:
    """OKLab to sRGB, what lies outside of it drawn in."""
    light, a, b = np.moveaxis(lab, 2, 0)
    light = np.clip(light, 0.02, 0.99)
    long = (light + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (light - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (light - 0.0894841775 * a - 1.2914855480 * b) ** 3
    linear = np.stack([
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    ], 2).clip(0, 1)  # fmt: skip
    told = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    return np.asarray(np.rint(255 * told), np.uint8)
