"""Songs as pictures: the same one twice, like ones alike, and what cannot be heard is said."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable

import numpy as np
import pytest
import soundfile
from PIL import Image

from bottega.errors import SoundRefused
from bottega.models.studio.songs.song import hear
from bottega.models.studio.songs.song_art import paint, painted

RATE = 22050
Sound = Callable[[np.ndarray], np.ndarray]


def seconds(length: float) -> np.ndarray:
    return np.arange(int(length * RATE)) / RATE


def tones(*hertz: float, beats: float = 2.0, length: float = 4.0) -> np.ndarray:
    t = seconds(length)
    return sum(np.sin(2 * np.pi * one * t) for one in hertz) / len(hertz) * np.exp(-3 * ((t * beats) % 1)) * 0.5


def noise(length: float = 4.0) -> np.ndarray:
    return np.random.default_rng(0).normal(0, 0.2, int(length * RATE))


def file(sound: np.ndarray, kind: str = "WAV", rate: int = RATE, subtype: str | None = None) -> bytes:
    out = io.BytesIO()
    soundfile.write(out, sound, rate, format=kind, subtype=subtype)
    return out.getvalue()


def apart(one: bytes, other: bytes) -> float:
    pictures = [paint(hear(content), 96).astype(float) for content in (one, other)]
    return float(np.abs(pictures[0] - pictures[1]).mean())


def test_the_same_song_gives_the_same_picture() -> None:
    content = file(tones(220, 330, 440))
    assert painted(content) == painted(content)
    with Image.open(io.BytesIO(painted(content))) as picture:
        assert picture.size == (2000, 2000)


@pytest.mark.parametrize(("kind", "subtype"), [("FLAC", None), ("OGG", "VORBIS"), ("MP3", "MPEG_LAYER_III")])
def test_the_same_song_in_another_format_gives_nearly_the_same(kind: str, subtype: str | None) -> None:
    sound = tones(196, 247, 294) + 0.2 * noise()
    one, other = file(sound), file(tones(110, 165, 880, beats=3) + 0.02 * noise())
    assert apart(one, file(sound, kind, subtype=subtype)) < 0.35 * apart(one, other)


def test_how_loud_it_was_saved_changes_little() -> None:
    sound = tones(196, 247, 294) + 0.1 * noise()
    assert apart(file(sound * 0.8), file(sound * 0.1)) < 2


def test_one_tone_noise_and_a_beat_look_different() -> None:
    songs = [file(tones(220)), file(noise()), file(tones(880, 1320, beats=6)), file(tones(220, 277, 330, beats=1))]
    assert min(apart(a, b) for k, a in enumerate(songs) for b in songs[:k]) > 5


def test_a_tone_and_its_tempo_are_heard() -> None:
    heard = hear(file(tones(440, beats=2, length=8)))
    assert divmod(int(heard.notes.argmax()), 12) == (3, 9), "A4, counted from C1"
    assert heard.tempo == pytest.approx(120, abs=4) and heard.beat > 0.5
    assert heard.noise < 0.1 < 0.5 < hear(file(noise())).noise


def test_half_a_second_is_enough() -> None:
    assert paint(hear(file(tones(440, length=0.5))), 64).shape == (64, 64, 3)


class Endless:
    """A sound file that says it is short and does not end."""

    samplerate, frames = 8000, 8000

    def blocks(self, **_: object) -> object:
        while True:
            yield np.zeros((8000 * 600, 1), np.float32)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"no sound at all" * 40, "is no sound that can be read"),
        (file(np.zeros(RATE)), "is silent"),
        (file(tones(440, length=0.1)), "lasts 0.10 seconds"),
        (file(np.zeros(9000), rate=4000), "has 4000 samples a second"),
        (file(tones(220), "MP3", subtype="MPEG_LAYER_III")[:40], "is no sound that can be read"),
        (file(tones(220), "FLAC")[:3000], ""),
    ],
)
def test_what_cannot_be_heard_is_said(content: bytes, said: str) -> None:
    with pytest.raises(SoundRefused, match=f"my song {said}") as refusal:
        hear(content, "my song")
    assert "WAV, FLAC, Ogg or MP3" in str(refusal.value)


def test_three_hours_are_refused_by_the_header() -> None:
    content = bytearray(file(np.zeros(16, np.int16), rate=8000))
    long = 3 * 3600 * 8000 * 2
    with soundfile.SoundFile(io.BytesIO(bytes(content))) as opened:
        assert opened.frames == 16
    out = io.BytesIO()
    with soundfile.SoundFile(out, "w", 8000, 1, format="FLAC") as writer:
        for _ in range(3 * 6 + 1):
            writer.write(np.zeros(8000 * 600, np.int16))
    assert long
    with pytest.raises(SoundRefused, match=r"lasts 190 minutes.*60 minutes"):
        hear(out.getvalue(), "my song")


def test_a_header_that_lies_does_not_help() -> None:
    from bottega.models.studio.songs import song

    with pytest.raises(SoundRefused, match="my song lasts"):
        for _ in song._blocks(Endless(), 8000, "my song"):
            pass


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "soundfile", None)
    with pytest.raises(SoundRefused, match=r"bottega\[song\]"):
        hear(file(tones(220)))
