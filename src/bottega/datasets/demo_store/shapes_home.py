"""Things for a room: mugs, coffee makers, teapots, lamps, plants, cushions, posters and candles."""

from __future__ import annotations

import numpy as np

from bottega.datasets.demo_store.canvas import Canvas, ball, box, fill, half, mix, rgb, soften, stroke
from bottega.datasets.demo_store.look import BLACK, WHITE, Look, letters, motif, pale

__all__ = ["candle", "coffee_maker", "cushion", "lamp", "mug", "plant", "poster", "teapot"]


def _round(c: Canvas, mask, *, left: float, right: float, strength: float = 0.34) -> None:  # type: ignore[no-untyped-def]
    """Shade a standing cylinder between two x: a highlight on the left third, darkness on the right."""
    width = right - left
    dark = soften(box(right - width * 0.3, 0, right + 9, 100), width * 0.11)
    c.paint(dark & mask, BLACK, opacity=strength)
    c.paint(soften(box(left - 6, 0, left + width * 0.08, 100), width * 0.06) & mask, BLACK, opacity=strength * 0.45)
    c.paint(soften(box(left + width * 0.2, 0, left + width * 0.32, 100), width * 0.06) & mask, WHITE, opacity=strength * 0.8)


def mug(c: Canvas, look: Look) -> None:
    tall = look.details.get("size") == "large"
    top, left, right = (20, 24, 66) if tall else (29, 21, 67)
    c.ground(46, 85, 26, 3.2)
    handle = f"M{right - 2} {top + 14} C{right + 22} {top + 8} {right + 24} {74 - 4} {right - 3} 72"
    c.shadow(stroke(handle, 5), dx=1.2, dy=1.4, blur=1.4, opacity=0.2)
    c.paint(stroke(handle, 5.2), mix(look.main, WHITE, 0.05), volume=0.9, depth=1.9)
    middle = (left + right) / 2
    body = fill(f"M{left} {top} C{left + 0.4} 50 {left + 1.6} 70 {left + 4} 80 C{left + 6} 87 {right - 6} 87 {right - 4} 80 C{right - 1.6} 70 {right - 0.4} 50 {right} {top} Z")
    rim = ball(middle, top, (right - left) / 2, 5.6)
    c.paint(body | rim, look.surface(scale=0.85, weave=0.012))
    if look.plain:
        motif(c, look, middle - 1, 56, 11.5, within=body)
        if look.rng.random() < 0.4:  # dipped glaze
            dip = fill(f"M0 72 C{left + 10} 69 {right - 14} 74 100 70 L100 100 L0 100 Z") & body
            c.paint(dip, look.second)
    _round(c, body, left=left, right=right)
    c.paint(rim, mix(look.main, WHITE, 0.55), volume=0.3, depth=0.8)
    inside = ball(middle, top + 0.3, (right - left) / 2 - 1.7, 4.5)
    c.paint(inside, mix(look.main, BLACK, 0.42), volume=-0.6, depth=1.5)
    coffee = ball(middle, top + 2.2, (right - left) / 2 - 3.2, 2.9) & inside
    c.paint(coffee, rgb("#4a2c1c") if look.rng.random() < 0.7 else rgb("#a8743a"), volume=0.5, depth=0.8)
    for dx in (-5, 3):
        steam = soften(stroke(f"M{middle + dx} {top - 4} C{middle + dx - 4} {top - 9} {middle + dx + 4} {top - 13} {middle + dx} {top - 18}", 1.3), 1.2)
        c.paint(steam, WHITE, opacity=0.5)


def coffee_maker(c: Canvas, look: Look) -> None:
    if look.details.get("kind") == "pour-over":
        c.ground(49, 88, 24, 3)
        jug = fill(half("M50 88 C36 88 29 84 28.6 76 C28 68 38 58 42.6 51 L42.6 46 L50 46"))
        c.paint(jug, pale(look.second, 0.86), opacity=0.62, volume=0.5, depth=2.6)
        c.paint(fill(half("M50 86.6 C38 86.6 31 83 30.6 76.6 C30.4 72.6 33 68.6 36.4 65 L50 65")), rgb("#4a2a18"), opacity=0.9, volume=0.4, depth=2.4)
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
        lower = fill(f"M{49 + (x0 - 48) * 0.9:.1f} 54 L{49 + (x1 - 48) * 0.9:.1f} 54 L{49 + (x1 - 48) * 1.18:.1f} 88 L{49 + (x0 - 48) * 1.18:.1f} 88 Z") & base
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
        _round(c, box(40, 74, 60, 90, 2), left=40, right=60, strength=0.25)
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
    shade = fill(f"M{50 - narrow} 15 C{50 - narrow + 6} 13 {50 + narrow - 6} 13 {50 + narrow} 15 L{50 + wide} 51 C{50 + wide - 12} 55 {50 - wide + 12} 55 {50 - wide} 51 Z")
    c.paint(shade, mix(look.main, glow, 0.25) if look.plain else 0.72 * look.surface(scale=0.9, weave=0.03) + 0.28 * glow, volume=0.26, depth=4)
    c.paint(soften(ball(50, 40, 14, 15), 6) & shade, mix(glow, WHITE, 0.3), opacity=0.62)
    c.line(f"M{50 - wide} 51 C{50 - wide + 12} 55 {50 + wide - 12} 55 {50 + wide} 51", mix(look.main, WHITE, 0.4), 1.1, opacity=0.9)
    c.line(f"M{50 - narrow} 15 C{50 - narrow + 6} 17 {50 + narrow - 6} 17 {50 + narrow} 15", mix(look.main, BLACK, 0.2), 0.6, opacity=0.6)


def _leaf(c: Canvas, x: float, y: float, length: float, width: float, angle: float, green, *, vein: bool = True) -> None:  # type: ignore[no-untyped-def]
    """A leaf growing from (x, y) in a direction (degrees, 0 = up)."""
    a = np.radians(angle)
    ux, uy, vx, vy = np.sin(a), -np.cos(a), np.cos(a), np.sin(a)

    def p(along: float, across: float) -> str:
        return f"{x + ux * along * length + vx * across * width:.1f} {y + uy * along * length + vy * across * width:.1f}"

    leaf = fill(f"M{p(0, 0)} C{p(0.2, -1)} {p(0.75, -0.8)} {p(1, 0)} C{p(0.75, 0.8)} {p(0.2, 1)} {p(0, 0)} Z")
    c.shadow(leaf, dx=0.5, dy=1.0, blur=0.9, opacity=0.2)
    c.paint(leaf, green, volume=0.42, depth=1.7)
    if vein:
        c.line(f"M{p(0, 0)} L{p(0.92, 0)}", mix(green, WHITE, 0.45), 0.45, opacity=0.8)


def plant(c: Canvas, look: Look) -> None:
    rng = look.rng
    c.ground(50, 92, 17, 2.6)
    kind = look.details.get("kind", "rubber plant")
    greens = [rgb(g) for g in ("#3f7d4e", "#5a9a57", "#2f6644", "#74ab62", "#4b8a63")]

    def green() -> np.ndarray:  # type: ignore[type-arg]
        return greens[int(rng.integers(5))]

    if kind == "cactus":
        for d, w in (("M50 70 L50 26", 15), ("M50 56 C36 56 35 50 35 42", 8), ("M50 50 C64 50 65 44 65 36", 8)):
            stem = stroke(d, w)
            c.paint(stem, greens[0], volume=0.7, depth=3)
            for k in (-0.3, 0, 0.3):
                c.paint(stroke(d, 0.35) if k == 0 else stroke(d.replace("50 ", f"{50 + k * w:.1f} "), 0.35), WHITE, opacity=0.35)
        for x, y in ((50, 18.6), (47, 20), (53, 20)):
            c.paint(ball(x, y, 2.6, 1.7), rgb("#ef7f92"), volume=0.5, depth=0.8)
    elif kind == "snake plant":
        for x, angle, length in ((44, -20, 46), (56, 18, 50), (47, -8, 58), (54, 7, 62), (50, 0, 52), (41, -27, 34), (59, 28, 36)):
            _leaf(c, x, 72, length, 5.4, angle + float(rng.uniform(-3, 3)), green())
            a = np.radians(angle)
            for k in (0.3, 0.45, 0.6, 0.75):
                px, py = x + np.sin(a) * length * k, 72 - np.cos(a) * length * k
                c.line(f"M{px - 2:.1f} {py + 1:.1f} L{px + 2:.1f} {py - 0.6:.1f}", pale(greens[3], 0.35), 0.5, opacity=0.5)
    elif kind == "palm":
        for i, angle in enumerate((-72, -50, -28, -8, 12, 32, 54, 74)):
            length, a = 40 - abs(angle) * 0.1, np.radians(angle)
            tip = (50 + np.sin(a) * length, 70 - np.cos(a) * length + abs(angle) * 0.12)
            bend = (50 + np.sin(a) * length * 0.4, 70 - length * 0.75)
            c.line(f"M50 72 Q{bend[0]:.1f} {bend[1]:.1f} {tip[0]:.1f} {tip[1]:.1f}", greens[2], 0.8)
            for t in np.linspace(0.35, 0.98, 7):
                x = (1 - t) ** 2 * 50 + 2 * t * (1 - t) * bend[0] + t * t * tip[0]
                y = (1 - t) ** 2 * 72 + 2 * t * (1 - t) * bend[1] + t * t * tip[1]
                for side in (-38, 38):
                    leaf = ball(x + 4 * np.sin(a + np.radians(side)), y - 4 * np.cos(a + np.radians(side)), 0.95, 5.2, angle + side)
                    c.paint(leaf, greens[(i + (side > 0)) % 5], volume=0.3, depth=0.8)
    elif kind == "monstera":
        for x, y, r, angle in ((32, 44, 14, -42), (68, 40, 14.5, 40), (50, 26, 15.5, 4), (30, 24, 10, -30), (69, 62, 9, 62), (34, 63, 9, -66)):
            c.line(f"M50 74 Q{(50 + x) / 2} {y + 12} {x} {y}", greens[2], 1.0)
            whole = ball(x, y, r * 0.86, r, angle)
            a = np.radians(angle)
            for k in (-0.5, 0, 0.5):
                for side in (-1, 1):
                    px = x + np.sin(a) * r * k + side * np.cos(a) * r * 0.82
                    py = y - np.cos(a) * r * k + side * np.sin(a) * r * 0.82
                    whole = whole - ball(px, py, r * 0.5, r * 0.085, angle + side * -25)
            c.shadow(whole, dx=0.6, dy=1.2, blur=1, opacity=0.22)
            tone = green()
            c.paint(whole, tone, volume=0.4, depth=1.8)
            c.line(f"M{x - np.sin(a) * r * 0.9:.1f} {y + np.cos(a) * r * 0.9:.1f} L{x + np.sin(a) * r * 0.9:.1f} {y - np.cos(a) * r * 0.9:.1f}", mix(tone, WHITE, 0.4), 0.5, opacity=0.8)
    else:
        trailing = kind == "pothos"
        spots = [(-62, 32), (60, 33), (-36, 40), (38, 41), (-14, 47), (14, 46), (0, 38), (-82, 24), (82, 24), (-48, 25), (48, 26)]
        for angle, length in spots:
            a = np.radians(angle * (1.25 if trailing else 1))
            x, y = 50 + np.sin(a) * length * 0.5, 70 - np.cos(a) * length * 0.6
            c.line(f"M50 72 L{x:.1f} {y:.1f}", greens[2], 0.9)
            _leaf(c, x, y, length * 0.5, 6.4 if not trailing else 7.4, angle * (1.5 if trailing else 1) + float(rng.uniform(-8, 8)), green())
    pot = fill(half("M50 92 C42 92 37 92 36.4 90 L32.6 71 L50 71"))
    c.paint(pot, look.surface(scale=0.55, weave=0.02), volume=0.3, depth=3)
    _round(c, pot, left=33, right=67, strength=0.28)
    rim = box(31, 67.4, 69, 73.4, 1.4)
    c.shadow(rim, dx=0, dy=0.9, blur=0.7, opacity=0.3)
    c.paint(rim, mix(look.main, WHITE, 0.1), volume=0.35, depth=1.2)
    _round(c, rim, left=31, right=69, strength=0.24)


def cushion(c: Canvas, look: Look) -> None:
    c.ground(50, 85, 36, 3)
    long = look.details.get("shape") == "lumbar"
    t, b = (30, 78) if long else (16, 86)
    body = fill(f"M14 {t} C34 {t + 4.6} 66 {t + 4.6} 86 {t} C82.4 {t + 18} 82.4 {b - 18} 86 {b} C66 {b - 4.6} 34 {b - 4.6} 14 {b} C17.6 {b - 18} 17.6 {t + 18} 14 {t} Z")
    c.paint(body, look.surface(scale=1.3, weave=0.055), volume=0.7, depth=8)
    if look.plain:
        motif(c, look, 50, (t + b) / 2, 15 if not long else 11, within=body, opacity=0.9)
    c.folds([f"M18 {t + 4} C24 {t + 10} 30 {t + 14} 34 {t + 15}", f"M82 {b - 4} C76 {b - 10} 70 {b - 13} 66 {b - 14}", f"M82 {t + 4} C77 {t + 9} 72 {t + 12} 68 {t + 13}", f"M19 {b - 4} C24 {b - 9} 29 {b - 12} 33 {b - 13}"], body, width=2, strength=0.14)
    c.line(f"M14 {t} C34 {t + 4.6} 66 {t + 4.6} 86 {t} C82.4 {t + 18} 82.4 {b - 18} 86 {b} C66 {b - 4.6} 34 {b - 4.6} 14 {b} C17.6 {b - 18} 17.6 {t + 18} 14 {t}", mix(look.second, BLACK, 0.12), 1.1)
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
                c.paint(fill(f"M20 {y} C36 {y - 9 + k:.1f} 46 {y + 7:.1f} 58 {y - 2 + k:.1f} C66 {y - 7} 72 {y - 2} 80 {y} L80 95 L20 95 Z") & art, mix(mix(hill, sky, 0.5 - 0.16 * i), BLACK, 0.05 * i))
        elif choice == 1:
            c.paint(art, pale(look.main, 0.75))
            for x, y, rx, ry, turn, colour in ((42, 36, 14, 10, 20, look.main), (58, 50, 13, 16, -15, look.second), (46, 62, 9, 8, 0, look.accent), (60, 30, 5, 5, 0, look.accent)):
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
    _round(c, jar, left=27, right=73, strength=0.3)
    c.paint(ball(50, 34, 23, 4.6), mix(look.main, WHITE, 0.4), volume=0.5, depth=0.8)
    c.paint(ball(50, 34.6, 21, 3.6), rgb("#f6ead0"), volume=-0.3, depth=1)
    c.paint(soften(ball(50, 34.6, 9, 1.8), 1), rgb("#fff6dc"))
    label = box(36, 50, 64, 74, 0.8)
    c.paint(label, rgb("#f8f4ea"), volume=0.15, depth=1)
    c.line("M37.4 51.4 L62.6 51.4 L62.6 72.6 L37.4 72.6 L37.4 51.4", mix(look.main, BLACK, 0.4), 0.3)
    letters(c, look.brand.upper(), 50, 56, 2.9, mix(look.main, BLACK, 0.6))
    letters(c, look.details.get("scent", ""), 50, 67, 3.2, mix(look.accent, BLACK, 0.35))
    c.line("M44 61 L56 61", mix(look.accent, BLACK, 0.2), 0.4)
    c.line("M50 34.6 L50 29.6", rgb("#2d241e"), 0.8)
    flame = fill("M50 30.6 C45.6 28 47 23 50 16.6 C53 23 54.4 28 50 30.6 Z")
    c.paint(soften(flame, 1.6), glow, opacity=0.8)
    c.paint(flame, rgb("#ffc857"), volume=0.2, depth=1)
    c.paint(fill("M50 30 C48 28.4 48.6 26 50 23 C51.4 26 52 28.4 50 30 Z"), rgb("#fff7d6"))
