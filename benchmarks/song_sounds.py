"""Songs to judge by, and the distance of two sounds by code of its own: cepstra, chroma and tempo with scipy alone."""

from __future__ import annotations

import io
from itertools import pairwise
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray
from scipy.fft import dct
from scipy.signal import resample_poly, stft

__all__ = ["WEIGHTS", "drawn_songs", "files_of", "halves", "recoded", "sound_features"]

Floats = NDArray[np.float64]
RATE = 22050
BLOCK = 65_536


def read(content: bytes) -> tuple[Floats, int]:
    sound, rate = soundfile.read(io.BytesIO(content), always_2d=True)
    return sound.mean(1), rate


def written(sound: Floats, rate: int, kind: str = "WAV") -> bytes:
    out = io.BytesIO()
    with soundfile.SoundFile(out, "w", rate, 1, format=kind) as file:
        for start in range(0, len(sound), BLOCK):  # the encoder of Vorbis has little room for more at once
            file.write(sound[start : start + BLOCK])
    return out.getvalue()


def files_of(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in sorted(folder.iterdir()) if path.suffix in (".wav", ".flac", ".ogg", ".mp3")]


def halves(content: bytes) -> tuple[bytes, bytes]:
    sound, rate = read(content)
    middle = len(sound) // 2
    return written(sound[:middle], rate), written(sound[middle:], rate)


def recoded(content: bytes, kind: str) -> bytes:
    """Another format, another rate, and less loud."""
    sound, rate = read(content)
    if rate > 32000:
        sound, rate = resample_poly(sound, 32000, rate), 32000
    return written(0.7 * sound, rate, kind)


def sound_features(content: bytes) -> Floats:
    """Means and spreads of 12 cepstra, chroma, and how onsets repeat; 44 numbers in all."""
    sound, rate = read(content)
    sound = resample_poly(sound, RATE, rate)
    sound = sound / (np.sqrt(np.mean(sound**2)) + 1e-9)
    if len(sound) < 4096:
        sound = np.pad(sound, (0, 4096 - len(sound)))
    hertz, _, spectrum = stft(sound, RATE, nperseg=2048, noverlap=1536, boundary=None)
    power = np.abs(spectrum) ** 2
    edges = np.geomspace(50, 10000, 28)
    bank = np.array([np.interp(hertz, edges[k : k + 3], [0, 1, 0], left=0, right=0) for k in range(26)])
    logs = np.log(bank @ power + 1e-7)
    cepstra = dct(logs, axis=0, norm="ortho")[1:13]
    notes = np.round(12 * np.log2(np.maximum(hertz, 30) / 440)).astype(int) % 12
    inside = (hertz > 60) & (hertz < 4000)
    chroma = np.array([np.sqrt(power[inside & (notes == k)]).sum(0) for k in range(12)])
    chroma = (chroma / (chroma.sum(0) + 1e-9)).mean(1)
    onset = np.maximum(np.diff(logs, axis=1), 0).sum(0)
    onset = onset - onset.mean()
    repeats = np.correlate(onset, onset, "full")[len(onset) - 1 :]
    lags = np.geomspace(8, 86, 9).astype(int)
    repeats = np.pad(repeats / (repeats[0] + 1e-9), (0, max(0, 90 - len(repeats))))
    rhythm = np.array([repeats[a:b].max() for a, b in pairwise(lags)])
    parts = [np.concatenate([cepstra.mean(1), cepstra.std(1)]), chroma, rhythm]
    return np.concatenate(parts)


WEIGHTS = np.concatenate([np.full(n, 1 / np.sqrt(n)) for n in (24, 12, 8)])
"""Of those 44 numbers, each measured in its spread: so timbre, notes and rhythm count alike."""


def drawn_songs(half: str) -> list[bytes]:
    """24 songs drawn by lot: chords of a key, a beat, an instrument's overtones, some noise. a and b share no seed."""
    return [written(_song(np.random.default_rng([ord(half), number])), RATE) for number in range(24)]


def _song(rng: np.random.Generator) -> Floats:
    key, tempo = rng.integers(12), rng.uniform(70, 170)
    beat = round(60 / tempo * RATE)
    overtones = rng.uniform(0.2, 1.2) ** np.arange(8) * (rng.random(8) > rng.uniform(0, 0.6))
    overtones[0] = 1
    decay, hiss, drums = rng.uniform(0.5, 8), rng.uniform(0, 0.25) ** 2, rng.choice([0, 0, 0.3, 0.8])
    octave = rng.integers(-1, 2)
    scale = np.array([0, 2, 4, 5, 7, 9, 11] if rng.random() < 0.5 else [0, 2, 3, 5, 7, 8, 10])
    bars = [rng.integers(7) for _ in range(4)]
    pieces = []
    for step in range(32):
        t = np.arange(beat) / RATE
        sound = np.zeros(beat)
        for third in (0, 2, 4):
            degree = bars[step // 4 % 4] + third + (rng.integers(3) if third == 4 else 0)
            note = 48 + key + 12 * octave + scale[degree % 7] + 12 * (degree // 7)
            hertz = 440 * 2 ** ((note - 69) / 12)
            for k, strength in enumerate(overtones, 1):
                if hertz * k < RATE / 2:
                    sound += strength * np.sin(2 * np.pi * hertz * k * t + rng.uniform(0, 6))
        sound *= np.exp(-decay * t) / (overtones.sum() * 3)
        kick = np.sin(2 * np.pi * 60 * t) * np.exp(-20 * t) + 0.5 * rng.normal(size=beat) * np.exp(-60 * t)
        pieces.append(sound + drums * kick * (step % 2 == 0) + hiss * rng.normal(size=beat))
    song = np.concatenate(pieces)
    return np.asarray(0.5 * song / np.abs(song).max())
