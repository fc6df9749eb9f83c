"""Song: what is heard of a sound file, as a few numbers that a second half or a re-encoded copy has as well.

Idea     Two looks at the sound as it streams by: long windows tell notes (octave by pitch class), short ones timbre
         (32 bands), onsets and loudness. Everything is a mean over the song, measured against the song's own level, so
         that neither how loud it was cut nor in which format it was saved changes much.
Source   Müller 2015, "Fundamentals of Music Processing": chroma (3.1), onset strength and tempo by autocorrelation (6),
         self-similarity and novelty (4.4).
Costs    About 1 s for four minutes; an hour at most, read in blocks of 5 s.
Shapes   T short frames, N notes, B bands, G segments.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from bottega.errors import SoundRefused
from bottega.names import FloatArray
from bottega.progress import Progress, silent

__all__ = ["LONGEST_S", "SONG_BYTES", "SUFFIXES", "HeardSong", "hear", "seconds_of"]

LONGEST_S = 3600
SHORTEST_S = 0.25
SONG_BYTES = 100 * 1024 * 1024
SUFFIXES = (".wav", ".flac", ".ogg", ".mp3")
OCTAVES, CLASSES, BANDS, SEGMENTS = 7, 12, 32, 48
_LOWEST_NOTE = 24
_BLOCK_S = 5.0
_SILENT = 10 ** (-70 / 20)
_ALLOWED = (
    f"A song is WAV, FLAC, Ogg or MP3, from {SHORTEST_S:g} seconds to {LONGEST_S // 60} minutes long and at most "
    f"{SONG_BYTES // 1024**2} MB."
)


@dataclass(frozen=True, slots=True, eq=False)
class HeardSong:
    """What a song is like."""

    seconds: float
    notes: FloatArray
    """[7, 12], how much each note sounds, by octave from the lowest and pitch class from C; the mean is 1."""
    timbre: FloatArray
    """[32], mean loudness of bands from 60 Hz to 10 kHz against the mean of all, in bels."""
    movement: FloatArray
    """[32], how far each band's loudness moves about its mean, in bels."""
    rhythm: FloatArray
    """[16], how far onsets repeat after 0.25 to 2 s, -1 to 1."""
    tempo: float
    """Beats a minute."""
    beat: float
    """How clear the beat is, 0 to 1."""
    onsets: float
    """Strength of onsets, bels a second."""
    brightness: float
    """Octaves above 60 Hz of the middle of its spectrum, 0 to about 7.4."""
    noise: float
    """0 where tones sound alone, 1 for noise."""
    range_db: float
    """How far loudness moves about its mean."""
    novelty: FloatArray
    """[48], how new each of 48 pieces of the song is, 0 to 1."""


def hear(content: bytes, name: str = "", *, progress: Progress = silent) -> HeardSong:
    """What is heard of a file. Raises `SoundRefused`; `name` is what messages call it."""
    with _opened(content, name) as file:
        return _heard(_blocks(file, file.samplerate, name, progress), file.samplerate, name)


def seconds_of(content: bytes, name: str = "") -> float:
    """How long a file says that it is. Raises `SoundRefused`."""
    with _opened(content, name) as file:
        return float(file.frames / file.samplerate)


@contextmanager
def _opened(content: bytes, name: str) -> Iterator[Any]:
    """The file as soundfile reads it, of a length and a rate that are taken."""
    if not content:
        raise _refused(name, "is empty (0 bytes)", "Send it again; the upload may have been cut.")
    if len(content) > SONG_BYTES:
        raise _refused(name, f"has {len(content) / 1024**2:.0f} MB", "Save it as MP3 or Ogg, or send a part of it.")
    soundfile = _soundfile()
    try:
        with soundfile.SoundFile(io.BytesIO(content)) as file:
            rate, seconds = file.samplerate, file.frames / file.samplerate
            if seconds > LONGEST_S:
                raise _too_long(name, seconds)
            if rate < 8000:
                raise _refused(name, f"has {rate} samples a second", "Save it with 44100 samples a second.")
            yield file
    except soundfile.SoundFileError as error:
        why = str(getattr(error, "error_string", error)).strip(" .")
        step = "Export it again as MP3, or save it as WAV."
        raise _refused(name, f"is no sound that can be read ({why})", step) from error


def _blocks(file: Any, rate: int, name: str, progress: Progress = silent) -> Iterator[FloatArray]:
    """One channel, some seconds at a time; what a header says of the length may be wrong."""
    read = 0
    for block in file.blocks(blocksize=int(_BLOCK_S * rate), dtype="float32", always_2d=True):
        read += len(block)
        if read > LONGEST_S * rate:
            raise _too_long(name, read / rate)
        progress("listening", read // rate, max(file.frames, read) // rate, "seconds")
        yield np.nan_to_num(block.mean(1), nan=0.0, posinf=0.0, neginf=0.0).clip(-8, 8)


def _heard(blocks: Iterator[FloatArray], rate: int, name: str) -> HeardSong:
    short, long = (1 << round(np.log2(seconds * rate)) for seconds in (0.046, 0.37))
    in_bands, in_notes = _band_weights(short, rate), _note_weights(long, rate)
    hop, stride = short // 2, long // 2
    bands: list[FloatArray] = []
    notes: list[FloatArray] = []
    flat: list[FloatArray] = []
    tail_short = tail_long = np.zeros(0, np.float32)
    samples, peak = 0, 0.0
    for block in blocks:
        samples, peak = samples + len(block), max(peak, float(np.abs(block).max(initial=0)))
        frames, tail_short = _frames(np.concatenate([tail_short, block]), short, hop)
        if len(frames):
            power = np.abs(np.fft.rfft(frames * np.hanning(short).astype(np.float32), axis=1)) ** 2
            bands.append((power @ in_bands).astype(np.float32))
        frames, tail_long = _frames(np.concatenate([tail_long, block]), long, stride)
        if len(frames):
            power = np.abs(np.fft.rfft(frames * np.hanning(long).astype(np.float32), axis=1)) ** 2
            notes.append(np.sqrt(power @ in_notes).astype(np.float32))
            heard = power[:, _between(long, rate, 100, 5000)] + 1e-12
            flat.append(np.exp(np.log(heard).mean(1)) / heard.mean(1))
    seconds = samples / rate
    if not notes and seconds >= SHORTEST_S:  # shorter than one window
        whole = np.pad(tail_long, (0, long - len(tail_long)))
        notes.append(np.sqrt(np.abs(np.fft.rfft(whole * np.hanning(long))) ** 2 @ in_notes).astype(np.float32)[None])
        flat.append(np.zeros(1, np.float32))
    if seconds < SHORTEST_S:
        raise _refused(name, f"lasts {seconds:.2f} seconds", "Send a longer piece of it.")
    if peak < _SILENT:
        raise _refused(name, "is silent", "Send one in which something sounds.")
    return _summed(np.concatenate(bands), np.concatenate(notes), np.concatenate(flat), hop / rate, seconds)


def _summed(bands: FloatArray, notes: FloatArray, flat: FloatArray, step_s: float, seconds: float) -> HeardSong:
    loud = bands.sum(1)
    heard = loud > loud.max() * 1e-6  # pauses say nothing of the sound
    level = float(loud[heard].mean())
    decibels = 10 * np.log10(loud[heard] / level + 1e-6)
    bels = np.log10(bands / level + 1e-6)
    timbre, movement = bels[heard].mean(0), bels[heard].std(0)
    rise = np.maximum(np.diff(bels, axis=0), 0).mean(1) if len(bels) > 1 else np.zeros(1, np.float32)
    rhythm, tempo, beat = _rhythm(rise, step_s)
    strength = notes.sum(1)
    sounding = strength > strength.max() * 1e-3
    spread = (notes[sounding] / strength[sounding, None]).mean(0)
    power = bands[heard].mean(0) + 1e-12
    octaves = np.linspace(0, np.log2(10000 / 60), BANDS)
    return HeardSong(
        seconds=seconds,
        notes=(spread / spread.mean()).reshape(OCTAVES, CLASSES).astype(np.float32),
        timbre=timbre.astype(np.float32),
        movement=movement.astype(np.float32),
        rhythm=rhythm.astype(np.float32),
        tempo=tempo,
        beat=beat,
        onsets=float(rise.mean() / step_s),
        brightness=float((np.sqrt(power) * octaves).sum() / np.sqrt(power).sum()),
        noise=float(np.clip(np.sqrt(flat[sounding[: len(flat)]].mean()), 0, 1)),
        range_db=float(np.clip(decibels, -40, None).std()),
        novelty=_novelty(bels, notes),
    )


def _rhythm(rise: FloatArray, step_s: float) -> tuple[FloatArray, float, float]:
    """How far onsets repeat after each of 16 times, beats a minute, and how clear they are."""
    centred = rise - rise.mean()
    size = 1 << int(np.ceil(np.log2(2 * len(centred) + 1)))
    power = np.abs(np.fft.rfft(centred, size)) ** 2
    repeats = np.fft.irfft(power)[: len(centred)]
    repeats = repeats / max(float(repeats[0]), 1e-9)
    times = np.geomspace(0.25, 2.0, 17)
    lags = np.clip((times / step_s).astype(int), 1, max(1, len(repeats) - 1))
    rhythm = np.array([repeats[a : max(b, a + 1)].max() for a, b in pairwise(lags)])
    candidates = np.arange(max(1, int(0.3 / step_s)), max(2, min(len(repeats), int(1.2 / step_s))))
    if len(repeats) <= candidates[0]:
        return rhythm, 120.0, 0.0
    candidates = candidates[candidates < len(repeats)]
    usual = np.exp(-0.5 * (np.log2(candidates * step_s / 0.5) / 0.9) ** 2)
    best = int(np.argmax(np.maximum(repeats[candidates], 0) * usual))
    return rhythm, float(60 / (candidates[best] * step_s)), float(np.clip(repeats[candidates[best]], 0, 1))


def _novelty(bels: FloatArray, notes: FloatArray) -> FloatArray:
    """How much each piece of the song differs from what was before it, by what both look at."""
    pieces = []
    for rows in (bels, notes):
        edges = np.linspace(0, len(rows), SEGMENTS + 1)
        means = np.stack([rows[int(a) : max(int(b), int(a) + 1)].mean(0) for a, b in pairwise(edges)])
        means = means - means.mean(0)
        pieces.append(means / max(float(np.linalg.norm(means, axis=1).max()), 1e-9))
    both = np.concatenate(pieces, 1)
    both = both / np.maximum(np.linalg.norm(both, axis=1, keepdims=True), 1e-9)
    alike = both @ both.T
    new = np.array([0.5 - 0.5 * alike[k, max(0, k - 4) : k].mean() if k else 0.5 for k in range(SEGMENTS)])
    return np.asarray(new.clip(0, 1), np.float32)


def _frames(sound: FloatArray, length: int, hop: int) -> tuple[FloatArray, FloatArray]:
    """Overlapping frames of a stretch of sound, and what is left for the next one."""
    count = max(0, (len(sound) - length) // hop + 1)
    if not count:
        return np.zeros((0, length), np.float32), sound
    frames = np.lib.stride_tricks.sliding_window_view(sound, length)[::hop][:count]
    return frames, sound[count * hop :]


def _between(length: int, rate: int, low: float, high: float) -> slice:
    return slice(int(low * length / rate), max(int(high * length / rate), int(low * length / rate) + 2))


def _band_weights(length: int, rate: int) -> FloatArray:
    """[F, 32], triangles from 60 Hz to 10 kHz, evenly spaced by octaves."""
    hertz = np.fft.rfftfreq(length, 1 / rate)
    octaves = np.log2(np.maximum(hertz, 1) / 60)
    centres = np.linspace(0, np.log2(10000 / 60), BANDS)
    width = np.maximum(centres[1] - centres[0], np.log2(1 + 1.5 * rate / length / (60 * 2**centres)))
    weights = np.maximum(0, 1 - np.abs(octaves[:, None] - centres) / width)
    return np.asarray(weights / np.maximum(weights.sum(0), 1e-9), np.float32)


def _note_weights(length: int, rate: int) -> FloatArray:
    """[F, 84], what of each frequency belongs to which note of seven octaves from C1."""
    hertz = np.fft.rfftfreq(length, 1 / rate)
    notes = 69 + 12 * np.log2(np.maximum(hertz, 1) / 440)
    wanted = _LOWEST_NOTE + np.arange(OCTAVES * CLASSES)
    coarse = 12 * np.log2(1 + rate / length / (440 * 2 ** ((wanted - 69) / 12)))
    weights = np.exp(-0.5 * ((notes[:, None] - wanted) / np.maximum(0.35, 0.6 * coarse)) ** 2)
    return np.asarray(weights / np.maximum(weights.sum(0), 1e-9), np.float32)


def _soundfile() -> Any:
    try:
        import soundfile
    except (ImportError, OSError) as error:
        raise SoundRefused(
            f"Sound cannot be read here: {error}.",
            allowed="It is read by soundfile, which the extra `song` brings.",
            next_step="Install it: `pip install 'bottega[song]'`.",
        ) from error
    return soundfile


def _too_long(name: str, seconds: float) -> SoundRefused:
    return _refused(name, f"lasts {seconds / 60:.0f} minutes", "Send the part of it that matters.")


def _refused(name: str, seen: str, next_step: str) -> SoundRefused:
    return SoundRefused(f"{name[:80] or 'The song'} {seen}.", allowed=_ALLOWED, next_step=next_step)
