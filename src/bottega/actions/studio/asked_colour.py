"""A colour as somebody asks for it: a word in one of five languages, a hex code, or a point in CIE Lab."""

from __future__ import annotations

import re

import numpy as np

from bottega.errors import RequestInvalid
from bottega.languages.fold import tokens
from bottega.languages.stems import LANGUAGES
from bottega.models.blocks.colour_words import lab_of_word
from bottega.models.blocks.colours import to_lab
from bottega.models.studio.recolour.recolour import Lab
from bottega.models.studio.refused import refuse_race
from bottega.texts import SEEN_MAX

__all__ = ["asked_colour", "colour_of_word"]

_HEX = re.compile(r"#?([0-9a-f]{6}|[0-9a-f]{3})", re.IGNORECASE)
_NUMBER = r"\s*(-?\d+(?:\.\d+)?)\s*"
_LAB = re.compile(rf"(?:lab\s*\(?)?{_NUMBER}[,;\s]{_NUMBER}[,;\s]{_NUMBER}\)?", re.IGNORECASE)
_SHADES = {
    "dark": "dunkel dunkler dunkle dunkles foncé foncée oscuro oscura scuro scura",
    "light": "hell heller helle helles clair claire claro clara chiaro chiara",
}
_ENGLISH = {word: shade for shade, said in _SHADES.items() for word in tokens(said)}
_ALLOWED = "A colour is a word (navy, weinrot, vert clair, rojo, azzurro), #1f2a44, or lab(30, 5, -20)."


def asked_colour(text: str) -> Lab:
    """The Lab colour that `text` means. Raises `EditRefused` for one of somebody, `RequestInvalid` where it means none.

    >>> asked_colour("#000"), asked_colour("lab(30, 5, -20)"), asked_colour("weinrot") == asked_colour("maroon")
    ((0.0, 0.0, 0.0), (30.0, 5.0, -20.0), True)
    """
    refuse_race(text)
    said = text.strip()
    if (word := colour_of_word(said)) is not None:
        return word
    if found := _HEX.fullmatch(said):
        code = found[1] if len(found[1]) == 6 else "".join(letter * 2 for letter in found[1])
        red, green, blue = (int(code[at : at + 2], 16) for at in (0, 2, 4))
        lab = to_lab(np.array([[[red, green, blue]]], np.uint8))[0, 0]
        return round(float(lab[0]), 2), round(float(lab[1]), 2), round(float(lab[2]), 2)
    if found := _LAB.fullmatch(said):
        lightness, a, b = (float(number) for number in found.groups())
        if not 0 <= lightness <= 100 or max(abs(a), abs(b)) > 128:
            raise RequestInvalid(
                f"{said!r} is no colour of CIE Lab.",
                allowed="Lightness runs from 0 to 100, a and b from -128 to 128.",
                next_step="Correct it.",
            )
        return lightness, a, b
    raise RequestInvalid(
        f"{said[:SEEN_MAX]!r} is no colour that is known." if said else "No colour was asked for: field to is empty.",
        allowed=_ALLOWED,
        next_step="Say it by another word, or by its hex code.",
    )


def colour_of_word(word: str) -> Lab | None:
    """The Lab colour that words mean in any of the languages; None where they mean none.

    >>> colour_of_word("dunkelgrün") == colour_of_word("vert foncé") == colour_of_word("dark green")
    True
    """
    words = [part for one in tokens(word) for part in _parted(one)]
    return lab_of_word(" ".join(_ENGLISH.get(one, one) for one in words), tuple(LANGUAGES))


def _parted(word: str) -> tuple[str, ...]:
    """A German word with its shade before it, taken apart."""
    for shade in ("dunkel", "hell"):
        if word.startswith(shade) and lab_of_word(rest := word.removeprefix(shade), ("de",)) is not None:
            return shade, rest
    return (word,)
