# ruff: noqa: E501 (a path is one line, as in an SVG file)
"""Packed goods that run out: coffee, tea, soap and plant food, each with a printed label."""

from __future__ import annotations

from bottega.datasets.demo_store.canvas import Canvas, Mask, ball, box, fill, mix, rgb, soften, stroke
from bottega.datasets.demo_store.look import BLACK, WHITE, Look, inked, letters, motif, pale

__all__ = ["coffee", "plant_food", "soap", "tea"]


def _label(c: Canvas, look: Look, within: Mask, x: float, y: float, *, size: float = 1.0, name: str = "") -> None:
    """A pale label with brand, picture and name."""
    label = box(x - 15 * size, y - 17 * size, x + 15 * size, y + 17 * size, 1.2) & within
    c.shadow(label, dx=0.2, dy=0.4, blur=0.5, opacity=0.2)
    c.paint(label, rgb("#faf5e9"), volume=0.1, depth=1)
    ink = mix(look.main, BLACK, 0.55)
    k = size
    c.line(
        f"M{x - 13.4 * k} {y - 15.4 * k} L{x + 13.4 * k} {y - 15.4 * k} L{x + 13.4 * k} {y + 15.4 * k} L{x - 13.4 * k} {y + 15.4 * k} L{x - 13.4 * k} {y - 15.4 * k}",
        ink,
        0.3,
    )
    letters(c, look.brand.upper(), x, y - 11.4 * k, 3.3 * k, ink, width=26 * k)
    main, look.main = look.main, rgb("#faf5e9")
    motif(c, look, x, y - 0.4 * k, 7 * k, within=label)
    look.main = main
    letters(c, name, x, y + 11.4 * k, 3.5 * k, inked(look.accent), width=26 * k)


def coffee(c: Canvas, look: Look) -> None:
    c.ground(50, 89, 28, 3)
    bag = fill("M27 22 L73 22 C74 40 77 60 77 86 C68 90 32 90 23 86 C23 60 26 40 27 22 Z")
    c.paint(bag, look.surface(scale=0.9, weave=0.035), volume=0.5, depth=5)
    gusset = fill("M27 22 L33 22 C32 44 31 66 29 88 L23 86 C23 60 26 40 27 22 Z") | fill(
        "M73 22 L67 22 C68 44 69 66 71 88 L77 86 C77 60 74 40 73 22 Z"
    )
    c.paint(gusset & bag, BLACK, opacity=0.14)
    roll = fill("M26 12 L74 12 L74 23 C60 25 40 25 26 23 Z")
    c.shadow(roll, dx=0.2, dy=1, blur=0.8, opacity=0.35)
    c.paint(roll, mix(look.main, BLACK, 0.1), volume=0.6, depth=2)
    for x in (28, 72):
        c.paint(box(x - 4.6, 15, x + 4.6, 19, 1.6), rgb("#d8d4c8"), volume=0.6, depth=0.7)
    c.folds(["M40 26 C42 36 38 46 41 52", "M62 26 C60 34 63 44 61 50"], bag, width=1.8, strength=0.1)
    _label(c, look, bag, 50, 58, size=1.08, name=look.name)
    c.paint(ball(50, 31, 2.3), mix(look.main, BLACK, 0.28), volume=-0.6, depth=0.7)
    for x, y, a in ((80, 90, 30), (86, 87.6, -40), (17, 90, 60)):
        bean = ball(x, y, 3.2, 2.2, a)
        c.shadow(bean, dx=0.3, dy=0.5, blur=0.6, opacity=0.4)
        c.paint(bean, rgb("#5b3722"), volume=0.7, depth=1)
        c.line(f"M{x - 2} {y - 0.4} C{x - 0.6} {y + 0.8} {x + 0.6} {y - 0.8} {x + 2} {y + 0.4}", rgb("#2c180e"), 0.4)


def tea(c: Canvas, look: Look) -> None:
    c.ground(50, 88, 26, 3)
    if look.details.get("format") == "loose leaf":
        tin = fill("M28 26 L72 26 L72 85 C62 88.6 38 88.6 28 85 Z")
        c.paint(tin, look.surface(scale=0.8, weave=0.008))
        _sheen(c, tin, 28, 72)
        lid = fill("M27 15 C38 12 62 12 73 15 L73 27 C62 30 38 30 27 27 Z")
        c.shadow(lid, dx=0.2, dy=0.8, blur=0.6, opacity=0.4)
        c.paint(lid, mix(look.second, BLACK, 0.12), volume=0.3, depth=1.4)
        _sheen(c, lid, 27, 73)
        c.paint(ball(50, 15, 23, 3), mix(look.second, WHITE, 0.15), volume=0.4, depth=0.8)
        _label(c, look, tin, 50, 57, size=1.05, name=look.name)
        return
    side = fill("M70 26 L82 20 L82 80 L70 87 Z")
    top = fill("M22 26 L35 20 L82 20 L70 26 Z")
    front = box(22, 26, 70, 87)
    c.paint(side, mix(look.main, BLACK, 0.28), fade=0.15)
    c.paint(top, mix(look.main, WHITE, 0.25))
    c.paint(front, look.surface(scale=0.9, weave=0.008), fade=0.08)
    c.line("M22 26 L70 26 L70 87", WHITE, 0.4, opacity=0.35)
    c.paint(box(22, 76, 70, 87), mix(look.second, BLACK, 0.08), opacity=0.95)
    letters(c, "20 TEA BAGS", 46, 81.6, 3.0, pale(look.main, 0.85))
    _label(c, look, front, 46, 51, size=1.1, name=look.name)
    c.line("M60 87 C64 93 72 86 78 91", rgb("#f4efe2"), 0.5)
    tag = fill("M77 88.4 L85 87.4 L86 94 L78 95 Z")
    c.shadow(tag, dx=0.3, dy=0.5, blur=0.6, opacity=0.35)
    c.paint(tag, look.accent, volume=0.2, depth=0.6)


def _sheen(c: Canvas, mask: Mask, left: float, right: float) -> None:
    """The shine of a tin or a bottle between two x."""
    w = right - left
    c.paint(soften(box(right - w * 0.26, 0, right + 9, 100), w * 0.1) & mask, BLACK, opacity=0.34)
    c.paint(soften(box(left - 6, 0, left + w * 0.06, 100), w * 0.05) & mask, BLACK, opacity=0.18)
    c.paint(soften(box(left + w * 0.16, 0, left + w * 0.25, 100), w * 0.04) & mask, WHITE, opacity=0.34)


def soap(c: Canvas, look: Look) -> None:
    scent = look.details.get("scent", "")
    if look.details.get("format") == "bottle":
        c.ground(50, 90, 21, 2.8)
        steel = rgb("#3c3d42") if look.rng.random() < 0.5 else rgb("#c9a65c")
        c.paint(box(48.6, 12, 51.4, 28, 0.5), steel, volume=0.6, depth=0.8)
        c.paint(
            fill("M34 13 C34 9.6 38 9 42 9 L55 9 L55 15 L42 15 C39 15 38 16 36.6 18.6 L33.4 17 Z"),
            steel,
            volume=0.6,
            depth=1.2,
        )
        c.paint(box(43, 24, 57, 31, 1), mix(steel, BLACK, 0.1), volume=0.6, depth=1.4)
        body = fill(
            "M43 30 L57 30 C58 35 69 36 69.6 46 L69.6 86 C66 90.4 34 90.4 30.4 86 L30.4 46 C31 36 42 35 43 30 Z"
        )
        c.paint(
            body,
            mix(look.main, rgb("#8a5428"), 0.25) if look.plain else look.surface(scale=0.7, weave=0.008),
            volume=0.3,
            depth=3,
        )
        _sheen(c, body, 30.4, 69.6)
        _label(c, look, body, 50, 65, size=1.0, name=scent)
        return
    c.ground(50, 80, 36, 3)
    tray = fill("M9 71 C30 77 70 73 92 65 L91.4 71 C88 77.6 70 81.6 50 82 C30 82.4 12 81 9.6 76 Z")
    c.paint(tray, rgb("#b98a5c"), volume=0.5, depth=1.8)
    c.line("M12 77 C36 81 66 79 90 71", rgb("#8f6540"), 0.4, opacity=0.6)
    bar = fill(
        "M15 44 C15 40 17 38.6 20 38 L78 34 C83 34 85 36 85 40 L85 64 C85 68 83 70 79 70.6 L22 76 C17 76 15 74 15 70 Z"
    )
    c.shadow(bar, dx=0.6, dy=1.6, blur=1.4, opacity=0.3)
    c.paint(bar, mix(look.main, WHITE, 0.25), volume=0.55, depth=3.4)
    wrap = fill("M32 30 L70 28 L70 78 L32 80 Z") & bar
    c.paint(wrap, look.surface(scale=0.7, weave=0.03), volume=0.3, depth=2.4)
    c.line("M32 36 L32 76", BLACK, 0.5, opacity=0.22, within=bar)
    c.line("M70 33 L70 73", BLACK, 0.5, opacity=0.22, within=bar)
    label = fill("M37 44 L65 41.6 L65 66 L37 69 Z")
    c.paint(label, rgb("#faf5e9"))
    letters(c, look.brand.upper(), 51, 49.4, 3.1, inked(look.main), width=24, turn=4.6)
    c.line("M44 55.6 L58 54.4", mix(look.accent, BLACK, 0.2), 0.4)
    letters(c, scent, 51, 61, 3.4, inked(look.accent), width=24, turn=4.6)
    letters(c, "SOAP", 23.6, 58, 3.0, mix(look.main, BLACK, 0.3), turn=4, opacity=0.5)
    for x, y, r in ((84, 80, 2.6), (89, 77, 1.6), (12, 80, 2.0)):
        c.paint(ball(x, y, r), WHITE, opacity=0.5, volume=0.5, depth=0.8)


def plant_food(c: Canvas, look: Look) -> None:
    c.ground(50, 90, 19, 2.8)
    c.paint(box(44, 9, 56, 22, 1.2), mix(look.second, BLACK, 0.25), volume=0.6, depth=1.6)
    for i in range(6):
        c.line(f"M{45.4 + i * 1.9:.1f} 10 L{45.4 + i * 1.9:.1f} 21", BLACK, 0.4, opacity=0.2)
    body = fill("M45 21 L55 21 C56 28 67 31 67.6 42 L67.6 85 C64 90 36 90 32.4 85 L32.4 42 C33 31 44 28 45 21 Z")
    c.paint(
        body,
        mix(look.main, rgb("#3f7d4e"), 0.35) if look.plain else look.surface(scale=0.7, weave=0.008),
        volume=0.3,
        depth=3,
    )
    _sheen(c, body, 32.4, 67.6)
    look.motif = "leaf"
    _label(c, look, body, 50, 64, size=0.98, name="Plant food")
    for x, turn in ((80, 24), (84, 62)):
        c.paint(ball(x, 86, 2.2, 5, turn), rgb("#5a9a57"), volume=0.5, depth=1)
        c.paint(stroke(f"M{x - 3} 89 L{x + 2} 84", 0.3), pale(rgb("#5a9a57"), 0.5))
