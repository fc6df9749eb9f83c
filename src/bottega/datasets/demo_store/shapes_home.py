# ruff: noqa: E501 (a path is one line, as in an SVG file)
"""Things for a room: lamps, cushions, posters and candles."""

from __future__ import annotations

import numpy as np

from bottega.datasets.demo_store.canvas import Canvas, ball, box, fill, half, mix, rgb, soften, stroke
from bottega.datasets.demo_store.look import BLACK, WHITE, Look, cylinder, inked, letters, motif, pale

__all__ = ["candle", "cushion", "lamp", "poster"]


def lamp(c: Canvas, look: Look) -> None:
    c.ground(50, 91, 19, 2.4)
    glow = np.array([1.0, 0.9, 0.68], dtype=np.float32)
    for radius, strength in ((40, 0.22), (27, 0.26)):
        c.paint(soften(ball(50, 36, radius, radius * 0.86), 11), glow, opacity=strength)
    kind = look.details.get("kind")
    wood = rgb("#b48558")
    if kind == "tripod":
        for x0, x1 in ((48, 34), (52, 66), (50, 50)):
            c.paint(stroke(f"M{x0} 50 L{x1} 90", 2.2), wood, volume=0.6, depth=0.9)
    elif kind == "globe":
        c.paint(box(40, 74, 60, 90, 2), wood, volume=0.5, depth=2.4)
        cylinder(c, box(40, 74, 60, 90, 2), left=40, right=60, strength=0.25)
        orb = ball(50, 48, 27)
        c.paint(orb, mix(glow, look.main, 0.16), volume=0.28, depth=7)
        c.paint(soften(ball(50, 50, 15), 6) & orb, WHITE, opacity=0.75)
        c.paint(soften(ball(40, 37, 3.4, 5.4, 40), 1.6), WHITE, opacity=0.7)
        c.paint(box(42, 71.6, 58, 76, 1), rgb("#d0b46c"), volume=0.7, depth=1)
        return
    elif kind == "ceramic":
        base = fill(half("M50 91 C42 91 38 89 37 86 C31 78 33 66 42 60 C45.4 57.6 46 54 46 51 L50 51"))
        c.paint(base, mix(look.second, WHITE, 0.06), volume=0.72, depth=4.4)
        c.paint(soften(ball(41, 69, 1.6, 4.6, 20), 1), WHITE, opacity=0.6)
    else:
        c.paint(box(48.8, 46, 51.2, 88, 0.6), rgb("#cfae62"), volume=0.7, depth=0.8)
        c.paint(ball(50, 88.6, 15, 3), mix(look.second, BLACK, 0.2), volume=0.6, depth=1.4)
    wide, narrow = (29, 17) if kind != "desk" else (26, 9)
    shade = fill(
        f"M{50 - narrow} 15 C{50 - narrow + 6} 13 {50 + narrow - 6} 13 {50 + narrow} 15 L{50 + wide} 51 C{50 + wide - 12} 55 {50 - wide + 12} 55 {50 - wide} 51 Z"
    )
    c.paint(
        shade,
        mix(look.main, glow, 0.25) if look.plain else 0.72 * look.surface(scale=0.9, weave=0.03) + 0.28 * glow,
        volume=0.26,
        depth=4,
    )
    c.paint(soften(ball(50, 40, 14, 15), 6) & shade, mix(glow, WHITE, 0.3), opacity=0.62)
    c.line(
        f"M{50 - wide} 51 C{50 - wide + 12} 55 {50 + wide - 12} 55 {50 + wide} 51",
        mix(look.main, WHITE, 0.4),
        1.1,
        opacity=0.9,
    )
    c.line(
        f"M{50 - narrow} 15 C{50 - narrow + 6} 17 {50 + narrow - 6} 17 {50 + narrow} 15",
        mix(look.main, BLACK, 0.2),
        0.6,
        opacity=0.6,
    )


def cushion(c: Canvas, look: Look) -> None:
    c.ground(50, 85, 36, 3)
    long = look.details.get("shape") == "lumbar"
    t, b = (30, 78) if long else (16, 86)
    body = fill(
        f"M14 {t} C34 {t + 4.6} 66 {t + 4.6} 86 {t} C82.4 {t + 18} 82.4 {b - 18} 86 {b} C66 {b - 4.6} 34 {b - 4.6} 14 {b} C17.6 {b - 18} 17.6 {t + 18} 14 {t} Z"
    )
    c.paint(body, look.surface(scale=1.3, weave=0.055), volume=0.7, depth=8)
    if look.plain:
        motif(c, look, 50, (t + b) / 2, 15 if not long else 11, within=body, opacity=0.9)
    c.folds(
        [
            f"M18 {t + 4} C24 {t + 10} 30 {t + 14} 34 {t + 15}",
            f"M82 {b - 4} C76 {b - 10} 70 {b - 13} 66 {b - 14}",
            f"M82 {t + 4} C77 {t + 9} 72 {t + 12} 68 {t + 13}",
            f"M19 {b - 4} C24 {b - 9} 29 {b - 12} 33 {b - 13}",
        ],
        body,
        width=2,
        strength=0.14,
    )
    c.line(
        f"M14 {t} C34 {t + 4.6} 66 {t + 4.6} 86 {t} C82.4 {t + 18} 82.4 {b - 18} 86 {b} C66 {b - 4.6} 34 {b - 4.6} 14 {b} C17.6 {b - 18} 17.6 {t + 18} 14 {t}",
        mix(look.second, BLACK, 0.12),
        1.1,
    )
    if look.rng.random() < 0.4:
        for x, y in ((14, t), (86, t), (14, b), (86, b)):
            for k in range(5):
                sx, sy = (-1 if x < 50 else 1), (-1 if y < 50 else 1)
                c.line(f"M{x} {y} L{x + sx * (1 + k):.1f} {y + sy * (5 - k):.1f}", look.second, 0.7)


def poster(c: Canvas, look: Look) -> None:
    frame = box(22, 7, 78, 87, 0.4)
    c.shadow(frame, dx=2, dy=2.6, blur=2.2, opacity=0.42)
    wood = {"oak": "#c69c6d", "black": "#2b2a2a", "white": "#f3f1ec"}[look.details.get("frame", "oak")]
    c.paint(frame, rgb(wood), volume=0.5, depth=0.7)
    c.paint(box(23.8, 8.8, 76.2, 85.2), rgb("#faf7f0"), volume=-0.25, depth=0.6)
    art = box(29, 14, 71, 74 if look.rng.random() < 0.5 else 79.6)
    if look.plain:
        sky, hill = pale(look.second, 0.45), look.main
        c.paint(art, sky, fade=0.12)
        choice = int(look.rng.integers(3))
        if choice == 0:
            c.paint(ball(float(look.rng.uniform(40, 60)), 36, 10) & art, look.accent)
            for i in range(4):
                y = 46 + i * 8
                k = float(look.rng.uniform(-7, 7))
                c.paint(
                    fill(
                        f"M20 {y} C36 {y - 9 + k:.1f} 46 {y + 7:.1f} 58 {y - 2 + k:.1f} C66 {y - 7} 72 {y - 2} 80 {y} L80 95 L20 95 Z"
                    )
                    & art,
                    mix(mix(hill, sky, 0.5 - 0.16 * i), BLACK, 0.05 * i),
                )
        elif choice == 1:
            c.paint(art, pale(look.main, 0.75))
            for x, y, rx, ry, turn, colour in (
                (42, 36, 14, 10, 20, look.main),
                (58, 50, 13, 16, -15, look.second),
                (46, 62, 9, 8, 0, look.accent),
                (60, 30, 5, 5, 0, look.accent),
            ):
                c.paint(ball(x + float(look.rng.uniform(-3, 3)), y, rx, ry, turn) & art, colour, opacity=0.88)
            c.line("M36 70 C44 40 56 62 64 24", mix(look.main, BLACK, 0.6), 0.7, within=art)
        else:
            c.paint(art, pale(look.main, 0.8))
            motif(c, look, 50, 45, 16, within=art)
    else:
        c.paint(art, look.surface(scale=1.5, weave=0.02))
    if art.box[1] < 76 * 4.8:
        letters(c, look.name.upper(), 50, 79.4, 3.2, mix(look.main, BLACK, 0.55))
    c.paint(fill("M23.8 60 L70 8.8 L76.2 8.8 L76.2 14 L23.8 72 Z"), WHITE, opacity=0.09)


def candle(c: Canvas, look: Look) -> None:
    c.ground(50, 86, 24, 3)
    glow = np.array([1.0, 0.86, 0.56], dtype=np.float32)
    c.paint(soften(ball(50, 24, 19), 8), glow, opacity=0.42)
    jar = fill("M27 34 L73 34 L72 82 C64 87 36 87 28 82 Z")
    c.paint(jar | ball(50, 34, 23, 4.6), look.surface(scale=0.6, weave=0.012))
    c.paint(soften(ball(50, 40, 17, 9), 5) & jar, glow, opacity=0.3)
    cylinder(c, jar, left=27, right=73, strength=0.3)
    c.paint(ball(50, 34, 23, 4.6), mix(look.main, WHITE, 0.4), volume=0.5, depth=0.8)
    c.paint(ball(50, 34.6, 21, 3.6), rgb("#f6ead0"), volume=-0.3, depth=1)
    c.paint(soften(ball(50, 34.6, 9, 1.8), 1), rgb("#fff6dc"))
    label = box(36, 50, 64, 74, 0.8)
    c.paint(label, rgb("#f8f4ea"), volume=0.15, depth=1)
    c.line("M37.4 51.4 L62.6 51.4 L62.6 72.6 L37.4 72.6 L37.4 51.4", mix(look.main, BLACK, 0.4), 0.3)
    letters(c, look.brand.upper(), 50, 56, 2.9, inked(look.main), width=24)
    letters(c, look.details.get("scent", ""), 50, 67, 3.2, inked(look.accent), width=24)
    c.line("M44 61 L56 61", mix(look.accent, BLACK, 0.2), 0.4)
    c.line("M50 34.6 L50 29.6", rgb("#2d241e"), 0.8)
    flame = fill("M50 30.6 C45.6 28 47 23 50 16.6 C53 23 54.4 28 50 30.6 Z")
    c.paint(soften(flame, 1.6), glow, opacity=0.8)
    c.paint(flame, rgb("#ffc857"), volume=0.2, depth=1)
    c.paint(fill("M50 30 C48 28.4 48.6 26 50 23 C51.4 26 52 28.4 50 30 Z"), rgb("#fff7d6"))
