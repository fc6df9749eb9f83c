"""Song art: a song as a picture, in which one can find it again.

Idea     The picture is the song's pitch helix seen from above: round the middle run the twelve pitch classes in fifths,
         so that what sounds well together lies side by side, and outwards the octaves. Thousands of strokes stand at
         fixed places; how bright, how long and how wide each is, says how much its note sounds. The key tints
         everything, the timbre lays rings of light and shade, the beat ripples them, noise frays the strokes, and what
         is new in the course of the song opens petals at the rim.
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

from bottega.models.blocks.jit import kernel
from bottega.models.studio.songs.song import HeardSong, hear
from bottega.names import FloatArray

__all__ = ["PAINTED_PX", "paint", "painted"]

PAINTED_PX = 2000
"""Side of a song's picture for a print."""
STROKES = 16000
_FIFTHS = np.array([0, 7, 2, 9, 4, 11, 6, 1, 8, 3, 10, 5])
_USUAL_MOVEMENT = np.linspace(1.05, 0.4, 32)
_TURN = np.pi * (3 - np.sqrt(5))


def painted(content: bytes, name: str = "") -> bytes:
    """The picture of a song as a JPEG file. Raises `SoundRefused`."""
    out = io.BytesIO()
    Image.fromarray(paint(hear(content, name), PAINTED_PX)).save(out, "JPEG", quality=95, subsampling=0)
    return out.getvalue()


def paint(song: HeardSong, px: int) -> NDArray[np.uint8]:
    """The picture [P, P, 3] of a song."""
    canvas, key = _ground(song, px)
    xs, ys, lengths, widths, covers, colours = _laid(song, key)
    _strokes(canvas, xs, ys, lengths, widths, covers, colours, _field(song), float(px))
    return _srgb(canvas)


def _ground(song: HeardSong, px: int) -> tuple[FloatArray, FloatArray]:
    """The ground [P, P, 3], and the song's tint (a, b)."""
    tonal = song.notes.mean(0)[_FIFTHS]
    angle = 2 * np.pi * np.arange(12) / 12
    pull = (tonal - tonal.mean()) / max(float(tonal.std()), 0.08)
    clear = float(np.tanh(2.2 * tonal.std()))
    tint = np.array([(pull * np.cos(angle)).sum(), (pull * np.sin(angle)).sum()]) / 12
    key = np.asarray(0.11 * clear * tint / max(float(np.hypot(*tint)), 0.25), np.float32)
    y, x = np.meshgrid(*(np.linspace(-1.18, 1.18, px, dtype=np.float32),) * 2, indexing="ij")
    radius, turn = np.hypot(x, y), np.arctan2(y, x)
    bright = _soft((song.brightness - 1.9) / 0.9)
    ground = 0.26 + 0.34 * bright
    # Rings: the timbre from the bass in the middle to the treble at the rim, against a straight fall.
    bands = np.arange(32)
    fall = song.timbre - np.polyval(np.polyfit(bands, song.timbre, 1), bands)
    places = np.linspace(0.05, 1.25, 32)
    rings = np.interp(radius, places, np.tanh(1.1 * fall)).astype(np.float32)
    sway = np.interp(radius, places, np.tanh(1.6 * (song.movement - _USUAL_MOVEMENT))).astype(np.float32)
    # Sectors: the pitch classes in fifths, once round.
    around = np.asarray((turn / (2 * np.pi)) % 1, np.float32)
    sector = _round(around, np.tanh(1.3 * (tonal - 1))) * np.exp(-(((radius - 0.75) / 0.5) ** 2))
    # Ripples: as many as there are beats in five seconds, as deep as the beat is clear; the rhythm in the corners.
    ripple = np.cos(2 * np.pi * radius * song.tempo / 12) * song.beat * 0.05
    pulse = _round(around, np.tanh(2.0 * (song.rhythm - 0.12))) * np.clip((radius - 0.35) / 0.5, 0, 1)
    # Petals: what is new in the song's course, once round.
    course = _round(around, song.novelty)
    petal = np.exp(-(((radius - 1.0 - 0.08 * (course - 0.5)) / 0.035) ** 2)) * (0.05 + 0.12 * course)
    light = ground + 0.17 * rings + 0.12 * sector + 0.03 * pulse + ripple + petal
    # Where no key is clear, the sound itself has a colour: low is blue, bright is red.
    shade = 2 * np.pi * (0.72 + 0.42 * bright)
    depth = 0.035 + 0.05 * _soft((song.noise - 0.2) / 0.15)
    wash = 1.15 - 0.5 * radius
    canvas = np.empty((px, px, 3), np.float32)
    canvas[..., 0] = light
    canvas[..., 1] = key[0] * (0.75 - 0.35 * radius) + 0.12 * sway + 0.04 * sector + depth * np.cos(shade) * wash
    canvas[..., 2] = key[1] * (0.75 - 0.35 * radius) + 0.16 * pulse - 0.03 * rings + depth * np.sin(shade) * wash
    return canvas, key


def _round(around: FloatArray, values: FloatArray) -> FloatArray:
    """Values once round the middle, without a seam."""
    return np.asarray(
        np.interp(around, np.arange(len(values) + 1) / len(values), np.append(values, values[0])), np.float32
    )


def _laid(song: HeardSong, key: FloatArray) -> tuple[FloatArray, ...]:
    """Of each stroke: x, y, length, width, how much it covers; and its colour [S, 3]."""
    number = np.arange(STROKES)
    radius = 0.05 + 1.60 * np.sqrt((number + 0.5) / STROKES)
    turn = number * _TURN
    octave = np.clip((radius - 0.08) / 1.12 * 7 - 0.5, 0, 6)
    place = (turn / (2 * np.pi) * 12 + radius * 1.2) % 12
    even = song.notes[:, _FIFTHS] / (0.15 + song.notes.mean(1, keepdims=True)) ** 0.55  # treble is soft, and shows
    notes = np.log1p(3 * np.maximum(even, 0)) / np.log1p(6)
    low, left = octave.astype(int), place.astype(int)
    high, right = np.minimum(low + 1, 6), (left + 1) % 12
    up, along = octave - low, place - left
    along = along * along * (3 - 2 * along)
    lower = notes[low, left] * (1 - along) + notes[low, right] * along
    upper = notes[high, left] * (1 - along) + notes[high, right] * along
    sounds = np.clip(lower * (1 - up) + upper * up, 0, 2.2)
    band = np.clip((radius - 0.06) / 1.1 * 31, 0, 31)
    moves = np.interp(band, np.arange(32), song.movement)
    held = 1 / (1 + np.exp(0.8 * (song.onsets - 4.5)))
    own = np.cos(7.0 * number), np.cos(2.3 * number + 1)
    length = (0.03 + 0.26 * held) * (0.35 + sounds) * (1 - 0.6 * song.noise) * (1 + 0.5 * own[1])
    width = (0.0010 + 0.0028 * np.clip(moves, 0, 1.2)) * (0.5 + 0.6 * sounds) * (1.4 - 0.5 * radius)
    cover = np.clip(0.12 + 0.8 * sounds**1.3, 0, 0.97) * (0.35 + 0.65 * own[0] ** 2)
    hue = 2 * np.pi * place / 12
    pale = _soft((song.brightness - 1.9) / 0.9)
    light = (
        0.42
        + 0.46 * (sounds / 2.2) * (1 - 0.75 * pale)
        + 0.16 * (radius - 0.5) * (1 - 2 * pale)
        - 0.18 * pale
        + 0.09 * own[1]
    )
    vivid = (0.035 + 0.085 * np.clip(sounds, 0, 1.4)) * (1 + 0.8 * song.noise)
    colour = np.stack([light, vivid * np.cos(hue) + 1.6 * key[0], vivid * np.sin(hue) + 1.6 * key[1]], 1)
    order = np.argsort(sounds, kind="stable")  # what sounds most lies on top
    laid = (radius * np.cos(turn), radius * np.sin(turn), length, width, cover)
    return tuple(np.asarray(each[order], np.float32) for each in (*laid, colour))


def _field(song: HeardSong) -> FloatArray:
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
    field: FloatArray,
    px: float,
) -> None:
    """Draw every stroke along the field: soft discs, close enough to be a line, thinner at both ends."""
    scale = px / 2.36
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
            cx, cy = (x + 1.18) * scale, (y + 1.18) * scale
            y0, y1 = max(0, int(cy - reach - 1)), min(int(px) - 1, int(cy + reach + 1))
            x0, x1 = max(0, int(cx - reach - 1)), min(int(px) - 1, int(cx + reach + 1))
            for i in range(y0, y1 + 1):
                for j in range(x0, x1 + 1):
                    away = np.sqrt((i - cy) ** 2 + (j - cx) ** 2)
                    share = cover * min(1.0, max(0.0, reach + 0.5 - away))
                    if share > 0:
                        for c in range(3):
                            canvas[i, j, c] += share * (colours[s, c] - canvas[i, j, c])
            angle = np.arctan2(y, x) + np.pi / 2 - field[0]
            fine = field[2]
            angle += field[1] * (
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
