"""Colours of hair by their names in five languages, as the colour that most of the hair has in daylight.

Each is a point in CIE Lab, set by hand. Other colours are taken by the words of `models/blocks/colour_words.py`
("pink", "petrol"), and any by its number ("#7b3f00").
"""

from __future__ import annotations

import re

import numpy as np
from skimage.color import rgb2lab

from bottega.errors import RequestInvalid
from bottega.languages.fold import fold
from bottega.languages.stems import LANGUAGES
from bottega.models.blocks.colour_words import lab_of_word
from bottega.models.studio.refused import refuse_race

__all__ = ["NATURAL", "hair_colour"]

_HEX = re.compile(r"#?([0-9a-f]{6})")
_HAIR = re.compile(r"\b(?:hair|haare?|haarfarbe|cheveux|pelo|cabello|capelli)\b")
_LIGHTEST, _DARKEST = 92.0, 8.0
"""Between these lies what hair can be."""

NATURAL: dict[str, tuple[float, float, float]] = {
    "black": (12.0, 1.0, 1.0),
    "dark brown": (21.0, 6.0, 8.0),
    "brown": (31.0, 9.0, 14.0),
    "light brown": (43.0, 9.0, 20.0),
    "chestnut": (30.0, 14.0, 17.0),
    "auburn": (32.0, 21.0, 20.0),
    "red": (42.0, 29.0, 34.0),
    "copper": (48.0, 25.0, 36.0),
    "strawberry blond": (60.0, 15.0, 30.0),
    "dark blond": (51.0, 6.0, 22.0),
    "blond": (64.0, 6.0, 28.0),
    "light blond": (74.0, 3.0, 26.0),
    "platinum": (82.0, 0.0, 13.0),
    "grey": (56.0, 0.0, 2.0),
    "silver": (70.0, -0.5, 0.5),
    "white": (86.0, 0.0, 3.0),
}
"""English name -> the colour."""

_WORDS = """
black: black, jet black, schwarz, noir, noirs, negro, nero, neri
dark brown: dark brown, deep brown, espresso, dunkelbraun, brun fonce, chatain fonce, castano oscuro, castano scuro
brown: brown, brunette, braun, brunett, brun, chatain, castano, moreno, castani
light brown: light brown, hellbraun, chatain clair, brun clair, castano claro, castano chiaro
chestnut: chestnut, kastanienbraun, kastanie, marron, castana
auburn: auburn, mahogany, rotbraun, mahagoni, acajou, caoba, mogano
red: red, ginger, rot, rothaarig, roux, rousse, pelirrojo, rojo, rosso, rossi
copper: copper, copper red, kupfer, kupferrot, cuivre, cobrizo, rame, ramato
strawberry blond: strawberry blond, strawberry blonde, rotblond, erdbeerblond, blond venitien, rubio rojizo, biondo rame
dark blond: dark blond, dark blonde, dirty blonde, dunkelblond, blond fonce, rubio oscuro, biondo scuro
blond: blond, blonde, golden, goldblond, blond dore, rubio, rubia, biondo, biondi
light blond: light blond, light blonde, hellblond, blond clair, rubio claro, biondo chiaro
platinum: platinum, platinum blond, platinum blonde, platin, platinblond, platine, rubio platino, biondo platino
grey: grey, gray, grau, gris, grigio, grigi
silver: silver, silber, silbern, silbergrau, argent, argente, plateado, argento
white: white, weiss, blanc, blancs, blanco, bianco, bianchi
"""
_NAMED = {
    fold(word): name
    for name, _, words in (line.partition(": ") for line in _WORDS.strip().splitlines())
    for word in words.split(", ")
}


def hair_colour(asked: str) -> tuple[str, tuple[float, float, float]]:
    """The name of a colour and its CIE Lab. Raises `EditRefused`, and `RequestInvalid` for what is no colour of hair.

    >>> hair_colour("Dunkelblond")
    ('dark blond', (51.0, 6.0, 22.0))
    """
    refuse_race(asked)
    said = " ".join(_HAIR.sub(" ", fold(asked)).split())
    if said in _NAMED:
        return _NAMED[said], NATURAL[_NAMED[said]]
    if found := _HEX.fullmatch(said):
        rgb = np.array([int(found[1][at : at + 2], 16) for at in (0, 2, 4)], np.float32) / 255
        lightness, a, b = (float(value) for value in rgb2lab(rgb[None])[0])
        return f"#{found[1]}", (min(max(lightness, _DARKEST), _LIGHTEST), a, b)
    point = lab_of_word(said, tuple(LANGUAGES)) if said else None
    if point is None:
        raise RequestInvalid(
            f"{asked!r} is no colour that is known.",
            allowed=f"Colours of hair are {', '.join(NATURAL)}, their names in German, French, Spanish and Italian, "
            "other colours by name (pink, petrol), and #rrggbb.",
            next_step="Name one of these.",
        )
    return said, (min(max(point[0], _DARKEST), _LIGHTEST), point[1], point[2])
