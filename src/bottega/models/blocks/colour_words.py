"""What colour a word means, as a point in CIE Lab: how far one colour asked for is from another that a shop has.

Distances are taken as `colours.py` takes them: lightness counts half. A word of another language is looked up by what
it means (`languages/`), so that this list is English alone.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from skimage.color import rgb2lab

from bottega.languages.fold import tokens
from bottega.languages.lexicon import lexicon
from bottega.languages.stems import stem
from bottega.names import FloatArray

__all__ = ["colour_gap", "lab_of_word", "means_colour", "shaded"]

_LIST = """
black 111111, jet 0a0a0a, ebony 2a2320, onyx 191919, raven 141418, white ffffff, snow fafafa, chalk f4f2ea, grey 808080,
silver c0c0c4, ash b2b4b0, slate 708090, smoke 8c8c8c, graphite 41424c, charcoal 36454f, anthracite 383e42, red d01c1f,
scarlet ff2400, crimson dc143c, ruby 9b111e, cherry b5152b, tomato ff6347, vermilion e34234, maroon 701c2b,
burgundy 6b1c2d, wine 722f37, bordeaux 5f1a2c, oxblood 4a0f14, claret 7f1734, pink ff9fb8, blush efb8b4, rose e08a9b,
salmon fa8072, coral ff7f50, fuchsia e0218a, magenta d0187f, cerise de3163, orange f57c1f, tangerine f28500,
amber ffbf00, rust b7410e, terracotta c8694a, peach ffcba4, apricot fbceb1, yellow fadb2e, lemon fff44f, canary ffef00,
sunshine fbd34a, mustard d5a021, ochre cc7722, saffron f4c430, gold d4af37, bronze cd7f32, copper b87333, brass b5a642,
green 2e8b57, emerald 50c878, jade 00a86b, forest 22572f, moss 8a9a5b, bottle 0b5d3b, olive 7c7a36, khaki a99a6a,
lime a6d82a, mint a8dcc0, sage 9caf88, pistachio b8d39a, blue 2c64c8, azure 3a8dde, sapphire 0f52ba, cobalt 1f4bb0,
royal 2b4fc0, sky 8ec7ee, aqua 5fd4d8, cyan 25c4d8, denim 3b5f8f, navy 1b2a4e, midnight 191970, indigo 33306b,
turquoise 40c8bc, teal 1f7d80, petrol 1b5b6b, purple 7b3fa0, violet 7f3fbf, plum 7a3b69, aubergine 472c45, grape 6f2da8,
lavender bfa8dc, lilac c8a2c8, mauve b784a7, orchid da70d6, brown 6f4a2f, chocolate 4a2c1d, coffee 5a3d2b,
chestnut 85472f, mocha 6e4f3a, hazel 8e7048, mahogany 6a2c20, walnut 5c4033, tan c99a6b, camel c19a6b, caramel b8743a,
cognac 9a4f24, toffee 8c5a2d, beige dfcfb0, sand d8c29b, rose_gold b76e79, nude e3bc9a, ecru d8cdb0,
oatmeal d9cbb0, skin e8bfa0, cream f6eed4, ivory fbf6e3, vanilla f3e5ab, eggshell f0ead6,
taupe 8a7a6d, mushroom a89a8c, metallic b0b0b5
"""
_SHADES = {"dark": (-18.0, 0.8), "deep": (-14.0, 1.0), "light": (24.0, 0.5), "pale": (26.0, 0.4), "pastel": (26.0, 0.5)}
"""What a word beside a colour adds to its lightness, and what it leaves of its chroma."""
_WEIGHTS = np.array([0.5, 1.0, 1.0], np.float32)


def lab_of_word(name: str, languages: tuple[str, ...]) -> tuple[float, float, float] | None:
    """The colour [3] that a name means, None where it means none that is known.

    >>> lab_of_word("plaid", ("en",)) is None, lab_of_word("weinrot", ("de",)) == lab_of_word("maroon", ("en",))
    (True, True)
    """
    words = tokens(name)
    return _lab(tuple(words), languages) if words else None


def shaded(lab: tuple[float, float, float], shade: str) -> tuple[float, float, float]:
    """A colour as it is with a word beside it that says how dark or light: dark, deep, light, pale, pastel.

    >>> shaded((50.0, 20.0, -30.0), "dark")
    (32.0, 16.0, -24.0)
    """
    lighter, left = _SHADES[shade]
    return min(max(lab[0] + lighter, 0.0), 97.0), lab[1] * left, lab[2] * left


def means_colour(name: str, languages: tuple[str, ...]) -> bool:
    """Whether a name is one of a colour."""
    return lab_of_word(name, languages) is not None or bool(_concepts(tuple(tokens(name)), languages))


def colour_gap(one: FloatArray, other: FloatArray) -> FloatArray:
    """How far apart colours [..., 3] are, lightness counting half; beside one another from about 10, apart from 30."""
    return np.asarray(np.linalg.norm((one - other) * _WEIGHTS, axis=-1), np.float32)


@lru_cache(20_000)
def _lab(words: tuple[str, ...], languages: tuple[str, ...]) -> tuple[float, float, float] | None:
    """A word of the list itself; else what the words mean together; else what is between those that are colours."""
    if len(words) == 1 and (own := _points().get(_stemmed(words[0]))) is not None:
        return own
    if not _SHADES.keys() & set(words):
        for concept in _concepts(words, languages):
            for usual in lexicon().words[concept]["en"]:
                if (point := _points().get("_".join(map(_stemmed, usual)))) is not None:
                    return point
    if len(words) == 1:
        return None
    points = [point for word in words if (point := _lab((word,), languages)) is not None]
    if not points:
        return None
    lightness, a, b = (sum(axis) / len(points) for axis in zip(*points, strict=True))
    found = lightness, a, b
    for word in words:
        found = shaded(found, word) if word in _SHADES else found
    return found


def _concepts(words: tuple[str, ...], languages: tuple[str, ...]) -> list[str]:
    return [one.concept for one in lexicon().means(words, languages) if one.concept.startswith("colour.")]


def _stemmed(word: str) -> str:
    return stem(word, "en")


@lru_cache(1)
def _points() -> dict[str, tuple[float, float, float]]:
    pairs = [pair.split() for pair in _LIST.replace("\n", " ").split(",")]
    rgb = np.array([[int(code[at : at + 2], 16) for at in (0, 2, 4)] for _, code in pairs], np.float32) / 255
    labs = np.round(rgb2lab(rgb[None])[0], 1)
    rows = (tuple(float(value) for value in lab) for lab in labs)
    return {
        "_".join(map(_stemmed, word.split("_"))): (row[0], row[1], row[2])
        for (word, _), row in zip(pairs, rows, strict=True)
    }
