# ruff: noqa: E501 (a path is one line, as in an SVG file)
"""Things for a kitchen: mugs, coffee makers and teapots."""

from __future__ import annotations

from bottega.datasets.demo_store.canvas import Canvas, ball, box, fill, half, mix, rgb, soften, stroke
from bottega.datasets.demo_store.look import BLACK, WHITE, Look, cylinder, motif, pale

__all__ = ["coffee_maker", "mug", "teapot"]


def mug(c: Canvas, look: Look) -> None:
    tall = look.details.get("size") == "large"
    top, left, right = (20, 24, 66) if tall else (29, 21, 67)
    c.ground(46, 85, 26, 3.2)
    handle = f"M{right - 2} {top + 14} C{right + 22} {top + 8} {right + 24} {74 - 4} {right - 3} 72"
    c.shadow(stroke(handle, 5), dx=1.2, dy=1.4, blur=1.4, opacity=0.2)
    c.paint(stroke(handle, 5.2), mix(look.main, WHITE, 0.05), volume=0.9, depth=1.9)
    middle = (left + right) / 2
    body = fill(
        f"M{left} {top} C{left + 0.4} 50 {left + 1.6} 70 {left + 4} 80 C{left + 6} 87 {right - 6} 87 {right - 4} 80 C{right - 1.6} 70 {right - 0.4} 50 {right} {top} Z"
    )
    rim = ball(middle, top, (right - left) / 2, 5.6)
    c.paint(body | rim, look.surface(scale=0.85, weave=0.012))
    if look.plain:
        motif(c, look, middle - 1, 56, 11.5, within=body)
        if look.rng.random() < 0.4:  # dipped glaze
            dip = fill(f"M0 72 C{left + 10} 69 {right - 14} 74 100 70 L100 100 L0 100 Z") & body
            c.paint(dip, look.second)
    cylinder(c, body, left=left, right=right)
    c.paint(rim, mix(look.main, WHITE, 0.55), volume=0.3, depth=0.8)
    inside = ball(middle, top + 0.3, (right - left) / 2 - 1.7, 4.5)
    c.paint(inside, mix(look.main, BLACK, 0.42), volume=-0.6, depth=1.5)
    coffee = ball(middle, top + 2.2, (right - left) / 2 - 3.2, 2.9) & inside
    c.paint(coffee, rgb("#4a2c1c") if look.rng.random() < 0.7 else rgb("#a8743a"), volume=0.5, depth=0.8)
    for dx in (-5, 3):
        steam = soften(
            stroke(
                f"M{middle + dx} {top - 4} C{middle + dx - 4} {top - 9} {middle + dx + 4} {top - 13} {middle + dx} {top - 18}",
                1.3,
            ),
            1.2,
        )
        c.paint(steam, WHITE, opacity=0.5)


def coffee_maker(c: Canvas, look: Look) -> None:
    if look.details.get("kind") == "pour-over":
        c.ground(49, 88, 24, 3)
        jug = fill(half("M50 88 C36 88 29 84 28.6 76 C28 68 38 58 42.6 51 L42.6 46 L50 46"))
        c.paint(jug, pale(look.second, 0.86), opacity=0.62, volume=0.5, depth=2.6)
        c.paint(
            fill(half("M50 86.6 C38 86.6 31 83 30.6 76.6 C30.4 72.6 33 68.6 36.4 65 L50 65")),
            rgb("#4a2a18"),
            opacity=0.9,
            volume=0.4,
            depth=2.4,
        )
        c.paint(ball(50, 65.2, 13.4, 1.6), rgb("#6b4128"))
        c.line("M72 60 C84 62 84 78 70.6 80", pale(look.second, 0.7), 2.4, opacity=0.7)
        cone = fill(half("M50 49 C46 49 44.6 48 44 46 L27 20 C34 23 42 24 50 24"))
        c.paint(cone, look.cloth(weave=0.015), volume=0.55, depth=3.4)
        for x in (36, 43, 50, 57, 64):
            c.line(f"M{x} 24 L{50 + (x - 50) * 0.3:.1f} 46", BLACK, 0.5, opacity=0.14, within=cone)
        c.paint(ball(50, 20.4, 23, 4.4), mix(look.main, WHITE, 0.3), volume=0.4, depth=0.9)
        c.paint(ball(50, 20.8, 20.8, 3.4), rgb("#f3ead9"))
        c.paint(ball(50, 21.6, 14, 2.2), rgb("#5a3520"))
        c.paint(box(40, 45, 60, 50, 1.4), rgb("#a8744a"), volume=0.5, depth=1.2)
        c.paint(soften(stroke("M37 78 C34 74 37 68 41 63", 1.3), 0.8), WHITE, opacity=0.65)
        return
    c.ground(48, 88, 24, 3)
    c.line("M64 36 C80 32 83 42 81 62", mix(look.accent, BLACK, 0.6), 4.2)
    base = fill("M33 54 L65 54 L70 86 C60 89 38 89 28 86 Z")
    top = fill("M30 26 L66 26 L62 51 L36 51 Z")
    spout = fill("M30 26 L22 24 C26 30 30 34 33 38 Z")
    for part in (spout, top, base):
        c.paint(part, look.cloth(weave=0.012), volume=0.3, depth=1.6)
    for x0, x1, dark in ((30, 40, 0.0), (40, 54, 0.1), (54, 66, 0.3)):
        face = fill(f"M{x0} 26 L{x1} 26 L{50 + (x1 - 48) * 0.72:.1f} 51 L{49 + (x0 - 48) * 0.72:.1f} 51 Z") & top
        lower = (
            fill(
                f"M{49 + (x0 - 48) * 0.9:.1f} 54 L{49 + (x1 - 48) * 0.9:.1f} 54 L{49 + (x1 - 48) * 1.18:.1f} 88 L{49 + (x0 - 48) * 1.18:.1f} 88 Z"
            )
            & base
        )
        for part in (face, lower):
            c.paint(part, BLACK if dark else WHITE, opacity=dark or 0.14)
    c.paint(box(32.6, 49.6, 66, 55, 1.6), mix(look.main, rgb("#cfd2d6"), 0.6), volume=0.7, depth=1.4)
    lid = fill("M29 26 C36 18 60 18 67 26 Z")
    c.paint(lid, mix(look.main, BLACK, 0.1), volume=0.6, depth=1.8)
    c.paint(ball(48, 18.4, 2.8), mix(look.accent, BLACK, 0.6), volume=0.8, depth=1)
    c.paint(ball(61, 64, 1.5), rgb("#d9c184"), volume=0.8, depth=0.5)
    c.paint(soften(stroke("M39 58 L36 82", 1.2), 0.7), WHITE, opacity=0.5)


def teapot(c: Canvas, look: Look) -> None:
    c.ground(50, 82, 27, 3)
    if look.details.get("kind") == "cane handle":
        c.line("M32 42 C30 6 70 6 68 42", rgb("#a97c4e"), 2.8)
        c.line("M33 36 C34 12 60 10 66 28", WHITE, 0.5, opacity=0.4)
    else:
        c.paint(stroke("M72 47 C92 42 92 72 73 70", 4.2), mix(look.main, BLACK, 0.08), volume=0.9, depth=1.6)
    spout = fill("M30 68 C20 64 18 50 9 45 C11 42 15 42 18 44 C26 48 26 54 34 56 Z")
    c.shadow(spout, dx=0.4, dy=0.7, blur=0.9, opacity=0.35)
    c.paint(spout, mix(look.main, BLACK, 0.04), volume=0.6, depth=2.2)
    body = fill(half("M50 82 C38 83 25 78 25 60 C25 46 36 40 50 40"))
    c.paint(body, look.surface(scale=0.8, weave=0.012), volume=0.62, depth=6)
    if look.plain:
        motif(c, look, 50, 61, 9.5, within=body)
    c.paint(soften(ball(37, 52, 2.2, 6, 35), 1.2), WHITE, opacity=0.6)
    lid = fill(half("M50 42 C42 42 36 41 35.4 39.6 C37 35 44 33 50 33"))
    c.shadow(lid, dx=0.3, dy=0.7, blur=0.6, opacity=0.35)
    c.paint(lid, mix(look.main, look.second, 0.75) if not look.plain else look.main, volume=0.6, depth=1.8)
    c.paint(ball(50, 30.8, 3), mix(look.second, BLACK, 0.1), volume=0.9, depth=1.2)
