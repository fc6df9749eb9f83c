# ruff: noqa: E501 (a path is one line, as in an SVG file)
"""What a drawing is told about a product, and the parts that many drawings share: printed motifs, lettering, cloth."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from bottega.datasets.demo_store.canvas import (
    PX,
    SIZE,
    Canvas,
    Colour,
    Field,
    Mask,
    ball,
    box,
    fill,
    mix,
    soften,
    stroke,
)
from bottega.datasets.demo_store.patterns import fabric, pattern

__all__ = ["BLACK", "WHITE", "Look", "cylinder", "inked", "letters", "motif", "pale"]

BLACK = np.zeros(3, dtype=np.float32)
WHITE = np.ones(3, dtype=np.float32)


@dataclass(slots=True)
class Look:
    """Everything visible: three colours, pattern, motif, brand, and the chance that varies small things."""

    main: Colour
    second: Colour
    accent: Colour
    pattern: str
    motif: str
    brand: str
    name: str
    rng: np.random.Generator
    details: dict[str, str] = field(default_factory=dict)

    @property
    def plain(self) -> bool:
        return self.pattern == "plain"

    def surface(self, *, scale: float = 1.0, weave: float = 0.03) -> Field:
        """The printed or woven surface [H, W, 3]."""
        return fabric(
            pattern(self.pattern, [self.main, self.second, self.accent], self.rng, scale=scale), self.rng, weave=weave
        )

    def cloth(self, *, weave: float = 0.03) -> Field:
        """The main colour alone, with its grain."""
        return fabric(np.broadcast_to(self.main, (SIZE, SIZE, 3)), self.rng, weave=weave)

    @property
    def ink(self) -> Colour:
        """The colour of print on the main one: whichever of the other two stands out more."""
        far = max((self.second, self.accent), key=lambda c: float(np.abs(c - self.main).sum()))
        if float(np.abs(far - self.main).sum()) > 0.45:
            return far
        return mix(self.main, BLACK, 0.65) if float(self.main.mean()) > 0.5 else mix(self.main, WHITE, 0.8)


def pale(colour: Colour, share: float = 0.7) -> Colour:
    """The colour with much white in it."""
    return mix(colour, WHITE, share)


@lru_cache(maxsize=64)
def _letters(text: str, x: float, y: float, size: float, turn: float) -> Mask:
    font = ImageFont.load_default(size * PX * 3)
    left, top, right, bottom = (int(v) for v in font.getbbox(text, anchor="mm"))
    reach = max(abs(left), abs(right), 3) + 6
    tall = max(abs(top), abs(bottom), 3) + 6 if not turn else reach
    width, height = 2 * (reach // 3) + 2, 2 * (tall // 3) + 2
    image = Image.new("L", (width * 3, height * 3))
    ImageDraw.Draw(image).text((width * 1.5, height * 1.5), text, fill=255, font=font, anchor="mm")
    if turn:
        image = image.rotate(turn, resample=Image.Resampling.BILINEAR)
    printed = np.zeros((SIZE, SIZE), dtype=np.float32)
    width, height = min(width, SIZE), min(height, SIZE)
    printed[:height, :width] = np.asarray(image.reduce(3), dtype=np.float32)[:height, :width] / 255
    return Mask(printed, (0, height, 0, width)).moved(round(x * PX - width / 2), round(y * PX - height / 2))


def letters(
    c: Canvas,
    text: str,
    x: float,
    y: float,
    size: float,
    colour: Colour,
    *,
    width: float = 100.0,
    turn: float = 0.0,
    opacity: float = 1.0,
) -> None:
    """Print a line centred on (x, y), `size` units high or less so that it fits `width`, turned by `turn` degrees."""
    size = min(size, width / (0.68 * max(len(text), 1)))
    c.paint(_letters(text, x, y, size, turn), colour, opacity=opacity)


def inked(colour: Colour) -> Colour:
    """The colour, dark enough to read on white paper."""
    return mix(colour, BLACK, float(np.clip(1 - 0.34 / max(float(colour.mean()), 0.01), 0.25, 0.8)))


def cylinder(c: Canvas, mask: Mask, *, left: float, right: float, strength: float = 0.34) -> None:
    """Shade a standing cylinder between two x: a highlight on the left third, darkness on the right."""
    width = right - left
    dark = soften(box(right - width * 0.3, 0, right + 9, 100), width * 0.11)
    c.paint(dark & mask, BLACK, opacity=strength)
    c.paint(soften(box(left - 6, 0, left + width * 0.08, 100), width * 0.06) & mask, BLACK, opacity=strength * 0.45)
    c.paint(
        soften(box(left + width * 0.2, 0, left + width * 0.32, 100), width * 0.06) & mask, WHITE, opacity=strength * 0.8
    )


def _paint(c: Canvas, mask: Mask, colour: Colour, within: Mask | None, opacity: float) -> None:
    c.paint(mask & within if within is not None else mask, colour, opacity=opacity)


def motif(
    c: Canvas, look: Look, x: float, y: float, r: float, *, within: Mask | None = None, opacity: float = 0.95
) -> None:
    """The product's printed picture, of radius `r` about (x, y)."""
    ink, other = look.ink, look.second if look.ink is look.accent else look.accent
    if float(np.abs(other - look.main).sum()) < 0.35:
        other = mix(ink, look.main, 0.45)

    def at(path: str) -> str:
        """A path in -10..10 moved and scaled to its place."""
        words = path.replace(",", " ").split()
        out, odd = [], False
        for word in words:
            if word.isalpha():
                out.append(word)
                odd = False
            else:
                out.append(f"{(y if odd else x) + float(word) * r / 10:.2f}")
                odd = not odd
        return " ".join(out)

    def put(mask: Mask, colour: Colour) -> None:
        _paint(c, mask, colour, within, opacity)

    match look.motif:
        case "sun":
            disc = ball(x, y, r)
            put(disc, ink)
            for i in range(4):
                put(stroke(at(f"M -10 {2 + i * 2.3} L 10 {2 + i * 2.3}"), (0.5 + 0.25 * i) * r / 10) & disc, look.main)
        case "mountain":
            disc = ball(x, y, r)
            put(disc, mix(other, look.main, 0.25))
            put(ball(x + r * 0.35, y - r * 0.4, r * 0.2), ink)
            put(fill(at("M -10 8 L -3 -4 L 1 2 L 4 -2 L 10 8 L 10 10 L -10 10 Z")) & disc, ink)
            put(fill(at("M -3 -4 L -4.8 -1 L -3.4 -1.6 L -2.6 -0.4 L -1.4 -1.5 Z")) & disc, look.main)
        case "leaf":
            for side in (-1, 1):
                for i in range(4):
                    put(
                        ball(
                            x + side * r * (0.36 - 0.04 * i),
                            y + r * (0.5 - 0.36 * i),
                            r * (0.38 - 0.04 * i),
                            r * 0.15,
                            side * -35,
                        ),
                        ink,
                    )
            put(ball(x, y - r * 0.86, r * 0.13, r * 0.28), ink)
            put(stroke(at("M 0 10 L 0 -8"), 0.09 * r), ink)
        case "moon":
            put(ball(x, y, r * 0.85) - ball(x + r * 0.36, y - r * 0.2, r * 0.7), ink)
            for dx, dy, s in ((0.5, -0.3, 0.1), (0.15, 0.15, 0.06), (0.7, 0.25, 0.07)):
                put(ball(x + dx * r, y + dy * r, s * r), other)
        case "wave":
            disc = ball(x, y, r)
            put(disc, mix(other, look.main, 0.35))
            for i in range(3):
                k = i * 3.4 - 1
                put(
                    fill(
                        at(
                            f"M -10 {k} C -7 {k - 4} -4 {k - 4} -2 {k} C 1 {k + 3} 4 {k + 2} 5 {k - 1} C 7 {k - 3} 9 {k - 2} 10 {k} L 10 10 L -10 10 Z"
                        )
                    )
                    & disc,
                    mix(ink, other, i * 0.28),
                )
        case "flower":
            for i in range(7):
                a = i * 2 * np.pi / 7
                put(
                    ball(
                        x + 0.55 * r * float(np.cos(a)),
                        y + 0.55 * r * float(np.sin(a)),
                        0.42 * r,
                        0.24 * r,
                        float(np.degrees(a)),
                    ),
                    ink,
                )
            put(ball(x, y, 0.24 * r), other)
        case "rainbow":
            for i, colour in enumerate((ink, other, mix(ink, look.main, 0.4), mix(other, look.main, 0.3))):
                k = 1 - 0.22 * i
                put(
                    stroke(at(f"M {-10 * k} 6 C {-10 * k} {-12 * k + 2} {10 * k} {-12 * k + 2} {10 * k} 6"), 0.17 * r),
                    colour,
                )
        case "lemon":
            put(ball(x, y, r * 0.85, r * 0.62, -25), ink)
            put(ball(x, y, r * 0.7, r * 0.48, -25), mix(ink, WHITE, 0.55))
            for i in range(8):
                a = i * np.pi / 4 + 0.3
                put(
                    stroke(
                        f"M{x} {y} L{x + 0.5 * r * float(np.cos(a)):.2f} {y + 0.4 * r * float(np.sin(a)):.2f}", 0.07 * r
                    ),
                    ink,
                )
            put(ball(x + 0.66 * r, y - 0.72 * r, 0.4 * r, 0.16 * r, -20), other)
        case "heart":
            put(
                fill(
                    at(
                        "M 0 8.5 C -13 0 -9 -9 -4 -7.6 C -2 -7 -0.6 -5.6 0 -4 C 0.6 -5.6 2 -7 4 -7.6 C 9 -9 13 0 0 8.5 Z"
                    )
                ),
                ink,
            )
        case "star":
            corners = [
                (k * np.sin(i * np.pi / 5), -k * np.cos(i * np.pi / 5)) for i in range(10) for k in ((9.5, 4.3)[i % 2],)
            ]
            put(fill(at("M " + " L ".join(f"{u:.2f} {v:.2f}" for u, v in corners) + " Z")), ink)
        case _:
            letters(c, look.brand.upper(), x, y, min(0.4 * r, 4.2), ink, width=2.6 * r, opacity=opacity)
