# ruff: noqa: E501 (a path is one line, as in an SVG file)
"""Plants in pots: six kinds of foliage over one pot."""

from __future__ import annotations

import numpy as np

from bottega.datasets.demo_store.canvas import Canvas, Colour, ball, box, fill, half, mix, rgb, stroke
from bottega.datasets.demo_store.look import WHITE, Look, cylinder, pale

__all__ = ["plant"]


def _leaf(
    c: Canvas, x: float, y: float, length: float, width: float, angle: float, green: Colour, *, vein: bool = True
) -> None:
    """A leaf growing from (x, y) in a direction (degrees, 0 = up)."""
    a = np.radians(angle)
    ux, uy, vx, vy = np.sin(a), -np.cos(a), np.cos(a), np.sin(a)

    def p(along: float, across: float) -> str:
        return (
            f"{x + ux * along * length + vx * across * width:.1f} {y + uy * along * length + vy * across * width:.1f}"
        )

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

    def green() -> Colour:
        return greens[int(rng.integers(5))]

    if kind == "cactus":
        for d, w in (("M50 70 L50 26", 15), ("M50 56 C36 56 35 50 35 42", 8), ("M50 50 C64 50 65 44 65 36", 8)):
            stem = stroke(d, w)
            c.paint(stem, greens[0], volume=0.7, depth=3)
            for k in (-0.3, 0.0, 0.3):
                c.paint(
                    stroke(d, 0.35) if k == 0 else stroke(d.replace("50 ", f"{50 + k * w:.1f} "), 0.35),
                    WHITE,
                    opacity=0.35,
                )
        for x, y in ((50, 18.6), (47, 20), (53, 20)):
            c.paint(ball(x, y, 2.6, 1.7), rgb("#ef7f92"), volume=0.5, depth=0.8)
    elif kind == "snake plant":
        for x, angle, length in (
            (44, -20, 46),
            (56, 18, 50),
            (47, -8, 58),
            (54, 7, 62),
            (50, 0, 52),
            (41, -27, 34),
            (59, 28, 36),
        ):
            _leaf(c, x, 72, length, 5.4, angle + float(rng.uniform(-3, 3)), green())
            a = np.radians(angle)
            for t in (0.3, 0.45, 0.6, 0.75):
                px, py = x + np.sin(a) * length * t, 72 - np.cos(a) * length * t
                c.line(
                    f"M{px - 2:.1f} {py + 1:.1f} L{px + 2:.1f} {py - 0.6:.1f}", pale(greens[3], 0.35), 0.5, opacity=0.5
                )
    elif kind == "palm":
        for i, angle in enumerate((-72, -50, -28, -8, 12, 32, 54, 74)):
            reach, a = 40 - abs(angle) * 0.1, np.radians(angle)
            tip = (50 + np.sin(a) * reach, 70 - np.cos(a) * reach + abs(angle) * 0.12)
            bend = (50 + np.sin(a) * reach * 0.4, 70 - reach * 0.75)
            c.line(f"M50 72 Q{bend[0]:.1f} {bend[1]:.1f} {tip[0]:.1f} {tip[1]:.1f}", greens[2], 0.8)
            for t in np.linspace(0.35, 0.98, 7):
                x = (1 - t) ** 2 * 50 + 2 * t * (1 - t) * bend[0] + t * t * tip[0]
                y = (1 - t) ** 2 * 72 + 2 * t * (1 - t) * bend[1] + t * t * tip[1]
                for side in (-38, 38):
                    leaf = ball(
                        x + 4 * np.sin(a + np.radians(side)),
                        y - 4 * np.cos(a + np.radians(side)),
                        0.95,
                        5.2,
                        angle + side,
                    )
                    c.paint(leaf, greens[(i + (side > 0)) % 5], volume=0.3, depth=0.8)
    elif kind == "monstera":
        for x, y, r, angle in (
            (32, 44, 14, -42),
            (68, 40, 14.5, 40),
            (50, 26, 15.5, 4),
            (30, 24, 10, -30),
            (69, 62, 9, 62),
            (34, 63, 9, -66),
        ):
            c.line(f"M50 74 Q{(50 + x) / 2} {y + 12} {x} {y}", greens[2], 1.0)
            whole = ball(x, y, r * 0.86, r, angle)
            a = np.radians(angle)
            for k in (-0.5, 0.0, 0.5):
                for side in (-1, 1):
                    px = x + np.sin(a) * r * k + side * np.cos(a) * r * 0.82
                    py = y - np.cos(a) * r * k + side * np.sin(a) * r * 0.82
                    whole = whole - ball(px, py, r * 0.5, r * 0.085, angle + side * -25)
            c.shadow(whole, dx=0.6, dy=1.2, blur=1, opacity=0.22)
            tone = green()
            c.paint(whole, tone, volume=0.4, depth=1.8)
            c.line(
                f"M{x - np.sin(a) * r * 0.9:.1f} {y + np.cos(a) * r * 0.9:.1f} L{x + np.sin(a) * r * 0.9:.1f} {y - np.cos(a) * r * 0.9:.1f}",
                mix(tone, WHITE, 0.4),
                0.5,
                opacity=0.8,
            )
    else:
        trailing = kind == "pothos"
        spots = [
            (-62, 32),
            (60, 33),
            (-36, 40),
            (38, 41),
            (-14, 47),
            (14, 46),
            (0, 38),
            (-82, 24),
            (82, 24),
            (-48, 25),
            (48, 26),
        ]
        for angle, length in spots:
            a = np.radians(angle * (1.25 if trailing else 1))
            x, y = 50 + np.sin(a) * length * 0.5, 70 - np.cos(a) * length * 0.6
            c.line(f"M50 72 L{x:.1f} {y:.1f}", greens[2], 0.9)
            _leaf(
                c,
                x,
                y,
                length * 0.5,
                6.4 if not trailing else 7.4,
                angle * (1.5 if trailing else 1) + float(rng.uniform(-8, 8)),
                green(),
            )
    pot = fill(half("M50 92 C42 92 37 92 36.4 90 L32.6 71 L50 71"))
    c.paint(pot, look.surface(scale=0.55, weave=0.02), volume=0.3, depth=3)
    cylinder(c, pot, left=33, right=67, strength=0.28)
    rim = box(31, 67.4, 69, 73.4, 1.4)
    c.shadow(rim, dx=0, dy=0.9, blur=0.7, opacity=0.3)
    c.paint(rim, mix(look.main, WHITE, 0.1), volume=0.35, depth=1.2)
    cylinder(c, rim, left=31, right=69, strength=0.24)
