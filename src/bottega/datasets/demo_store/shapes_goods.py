# ruff: noqa: E501 (a path is one line, as in an SVG file)
"""Things to wear out and carry along: sneakers, boots, totes, backpacks, headphones, phones and their covers."""

from __future__ import annotations

from bottega.datasets.demo_store.canvas import Canvas, ball, box, fill, half, mix, rgb, soften, stroke
from bottega.datasets.demo_store.look import BLACK, WHITE, Look, letters, motif, pale

__all__ = ["backpack", "boots", "headphones", "phone", "phone_cover", "sneakers", "tote"]


def sneakers(c: Canvas, look: Look) -> None:
    high = look.details.get("cut") == "high top"
    top = 26 if high else 38
    c.ground(50, 77, 41, 3.4)
    upper = fill(
        f"M13 70 C11 62 11 54 12.6 {top + 6} C13 {top + 1} 17 {top - 1} 20 {top + 1} C26 {top + 6} 34 {top + 5} 40 {top}"
        " C43 45 49 50 56 53 C64 56.4 76 57 84 62 C90 65 91.6 69 91 73 L13 73 Z"
    )
    c.paint(ball(30, top + 1.2, 12.5, 4.4), mix(look.main, BLACK, 0.5))
    tongue = fill(f"M33 {top + 4} C35 {top - 4} 38 {top - 7} 42 {top - 6} C45 {top - 2} 46 {top + 6} 51 50 L44 53 Z")
    c.paint(tongue, mix(look.second, WHITE, 0.15), volume=0.4, depth=2)
    c.paint(upper, look.surface(scale=0.7, weave=0.05), volume=0.5, depth=4)
    toe = fill("M74 58 C82 60 92 64 91 73 L70 73 C69 68 70 62 74 58 Z") & upper
    heel = fill(f"M11 73 L12.6 {top + 4} C13 {top} 17 {top - 2} 20 {top + 1} C21 52 23 62 27 73 Z") & upper
    for part, colour in ((toe, mix(look.main, look.second, 0.85)), (heel, look.second)):
        c.paint(part, colour, volume=0.4, depth=2.6)
    c.line("M74 58 C70 62 69 68 70 73", BLACK, 0.4, opacity=0.3)
    c.line(f"M20 {top + 1} C21 52 23 62 27 73", BLACK, 0.4, opacity=0.3)
    eyelets = fill(f"M38 {top + 3} C43 47 50 52 58 54.6 L55 62 C46 59 39 54 34.5 47 Z") & upper
    c.paint(eyelets, mix(look.main, look.accent, 0.7), volume=0.35, depth=1.2)
    swoosh = "M28 66 C36 68 48 66 57 59" if look.rng.random() < 0.5 else "M30 54 L38 70 M38 52 L47 70 M47 56 L55 70"
    for mark in swoosh.split("M")[1:]:
        c.line("M" + mark, look.accent if look.plain else WHITE, 2.2, opacity=0.95, within=upper)
    lace = WHITE if float(look.main.mean()) < 0.75 else pale(look.second, 0.3)
    count = 6 if high else 4
    for i in range(count):
        t = i / (count - 1)
        x, y = 37.0 + 17 * t, (top + 6) * (1 - t) + 54 * t
        lift = f"M{x:.1f} {y + 4.4:.1f} C{x + 1:.1f} {y + 1:.1f} {x + 3:.1f} {y - 1:.1f} {x + 5.4:.1f} {y - 2.2:.1f}"
        c.shadow(stroke(lift, 1.3), dx=0.2, dy=0.5, blur=0.4, opacity=0.3)
        c.line(lift, mix(lace, BLACK, 0.06), 1.3)
    sole = fill(
        "M9.6 71.6 C22 71 50 71 68 71 C78 70 87 68.4 92.4 70 C94 73 93 77 89 78 C62 79.4 34 79 14 78.6 C10 78.4 9 75 9.6 71.6 Z"
    )
    c.paint(sole, rgb("#f3efe6") if look.rng.random() < 0.75 else mix(look.accent, WHITE, 0.15), volume=0.45, depth=1.8)
    c.line("M10 74.6 C40 75 70 75 92 73.4", look.second, 0.9, opacity=0.9, within=sole)
    c.line("M10.6 77.6 C40 78.6 66 78.6 90 77.2", BLACK, 0.7, opacity=0.3, within=sole)


def boots(c: Canvas, look: Look) -> None:
    chelsea = look.details.get("cut") == "chelsea"
    c.ground(51, 84, 37, 3.2)
    shaft = fill(
        "M24 14 C34 16 44 16 53 14 C53 26 52 38 54 47 C60 54 72 56 80 62 C86 66 87.6 72 87 78 L19 78 C20 66 22 58 22 47 C22 34 23 24 24 14 Z"
    )
    c.paint(ball(38.5, 14.4, 14.5, 3), mix(look.main, BLACK, 0.6))
    c.paint(shaft, look.cloth(weave=0.03), volume=0.62, depth=5.5)
    shine = soften(stroke("M64 58 C72 60 78 64 80 69", 2.0), 1.4)
    c.paint(shine & shaft, WHITE, opacity=0.28)
    if chelsea:
        gore = fill("M33 26 C37 27 42 27 45 26 C45 36 43 44 40 52 C36 46 34 36 33 26 Z")
        c.paint(gore, mix(look.main, BLACK, 0.55))
        for i in range(7):
            c.line(f"M{34 + i * 1.8:.1f} 26 L{37 + i:.1f} 50", WHITE, 0.25, opacity=0.18, within=gore)
        c.line("M37 14.4 C36 9 42 9 41 14.6", look.accent, 1.7)
    else:
        front = fill(
            "M44 15.6 L53 14 C53 26 52 38 54 47 C58 52 63 54 68 56 L62 62 C54 58 48 54 45.6 48 C43.6 38 44 26 44 15.6 Z"
        )
        c.paint(front, mix(look.main, BLACK, 0.2), volume=0.3, depth=1.4)
        for i in range(8):
            y = 19 + i * 4.6
            x = 46 + max(0, i - 5) * 2.4
            c.line(f"M{x} {y} L{x + 7.4} {y - 1.4 + max(0, i - 5)}", mix(look.accent, WHITE, 0.2), 1.1)
            c.paint(ball(x, y, 0.7), rgb("#d8c48a"), volume=0.6, depth=0.4)
    c.line("M22 50 C30 54 40 62 44 78", BLACK, 0.45, opacity=0.3, within=shaft)
    c.folds(["M30 48 C38 52 46 52 52 48", "M58 57 C60 60 59 64 57 67"], shaft, width=1.6, strength=0.16)
    sole = fill("M17.6 76.4 C40 77 66 77 88 76 C90 79 89 82 87 83 L46 83 L44 86 L19 86 C17 84 17 80 17.6 76.4 Z")
    c.paint(sole, mix(rgb("#3a2c24"), look.accent, 0.12), volume=0.5, depth=1.4)
    c.line("M18 78 L88 77.6", rgb("#d8b98a"), 0.4, opacity=0.8)


def tote(c: Canvas, look: Look) -> None:
    c.ground(50, 90, 33, 2.4)
    for path in ("M36 36 C35 8 65 8 64 36", "M34 37 C33 12 67 12 66 37"):
        behind = path.startswith("M36")
        c.line(path, mix(look.main if not look.plain else look.second, BLACK, 0.38 if behind else 0.12), 2.6)
        if not behind:
            c.line(path, WHITE, 0.5, opacity=0.25)
    body = fill("M21 34 C36 36 64 36 79 34 C80 52 82 72 82 88 C66 91.4 34 91.4 18 88 C18 72 20 52 21 34 Z")
    c.shadow(body, dx=1.4, dy=0.6, blur=1.6, opacity=0.16)
    c.paint(body, look.surface(scale=1.15, weave=0.06), volume=0.36, depth=4.5)
    c.folds(
        ["M32 40 C34 54 31 70 34 86", "M68 42 C65 56 70 70 67 86", "M48 66 C52 72 49 80 51 88"],
        body,
        width=2.6,
        strength=0.1,
    )
    c.line("M21 38.6 C36 40.6 64 40.6 79 38.6", BLACK, 0.4, opacity=0.25, within=body)
    for x in (34, 66):
        patch = box(x - 2.6, 36, x + 2.6, 44, 0.5)
        c.paint(
            patch, mix(look.second, BLACK, 0.18) if look.plain else mix(look.main, BLACK, 0.25), volume=0.3, depth=0.8
        )
        c.line(f"M{x - 1.5} 37.4 L{x + 1.5} 42.6", WHITE, 0.3, opacity=0.5)
        c.line(f"M{x + 1.5} 37.4 L{x - 1.5} 42.6", WHITE, 0.3, opacity=0.5)
    if look.plain:
        motif(c, look, 50, 62, 14, within=body, opacity=0.92)
    else:
        label = box(70, 78, 77, 84, 0.4)
        c.paint(label, pale(look.main, 0.85), volume=0.2, depth=0.6)


def backpack(c: Canvas, look: Look) -> None:
    c.ground(50, 90, 31, 3)
    c.line("M42 15 C42 6 58 6 58 15", mix(look.second, BLACK, 0.3), 2.4)
    for path in ("M24 40 C14 50 15 72 22 82", "M76 40 C86 50 85 72 78 82"):
        c.line(path, mix(look.second, BLACK, 0.4), 3.6)
    body = fill(half("M50 12 C36 12 25 18 24 34 C22.6 54 22 72 23.6 85 C26 91.4 40 91 50 91"))
    canvas = look.surface(scale=0.9, weave=0.05)
    c.paint(body, canvas, volume=0.5, depth=5)
    flap = fill(half("M50 12 C36 12 25 18 24 34 L24.6 44 C32 49 42 50.4 50 50.4"))
    c.shadow(flap, dx=0.3, dy=1.4, blur=1.2, opacity=0.34)
    c.paint(
        flap & body,
        canvas if not look.plain else mix(look.main, look.second, 0.12),
        volume=0.42,
        depth=4,
    )
    pocket = fill(half("M50 58 C40 58 33 58.4 31.4 60 C30.4 68 30.6 78 32 84 C38 86.4 44 86.6 50 86.6"))
    c.shadow(pocket, dx=0.4, dy=1, blur=1, opacity=0.34)
    c.paint(pocket, look.second, volume=0.45, depth=2.6)
    c.line("M33 63.6 C40 65 60 65 67 63.6", BLACK, 0.6, opacity=0.35)
    leather = mix(rgb("#8a5a36"), look.accent, 0.3)
    for x in (38.5, 61.5):
        strap = box(x - 1.6, 42, x + 1.6, 66, 0.8)
        c.shadow(strap, dx=0.3, dy=0.6, blur=0.5, opacity=0.35)
        c.paint(strap, leather, volume=0.4, depth=0.9)
        buckle = box(x - 2.6, 55, x + 2.6, 60, 0.8) - box(x - 1.5, 56.2, x + 1.5, 58.8, 0.3)
        c.paint(buckle, rgb("#d9c184"), volume=0.8, depth=0.6)
    c.line("M27 40 C36 45.6 64 45.6 73 40", BLACK, 0.35, opacity=0.2, within=flap)
    patch = box(44, 72, 56, 80, 1)
    c.paint(patch, leather, volume=0.3, depth=0.8)
    letters(c, look.brand[:1].upper(), 50, 76, 4.6, pale(look.main, 0.85))


def headphones(c: Canvas, look: Look) -> None:
    c.ground(50, 84.6, 31, 2.6)
    steel = mix(look.accent, rgb("#c9c9cc"), 0.7)
    c.line("M22 56 C18 6 82 6 78 56", mix(look.main, BLACK, 0.28), 6.4)
    band = stroke("M23 50 C21 8 79 8 77 50", 5.0)
    c.paint(band, look.cloth(weave=0.02), volume=0.8, depth=1.6)
    c.paint(soften(stroke("M32 24 C40 15.6 52 14.6 60 18", 0.9), 0.7), WHITE, opacity=0.5)
    for side in (-1, 1):
        x = 50 + side * 28.5
        c.line(f"M{x} 44 L{x} 56", steel, 2.6)
        c.line(f"M{x - 0.6} 44 L{x - 0.6} 56", WHITE, 0.4, opacity=0.6)
        cushion = ball(x - side * 5.2, 66, 8, 17.4, side * 4)
        c.paint(cushion, mix(look.second, BLACK, 0.45), volume=0.7, depth=3)
        cup = ball(x + side * 1.4, 66, 9, 16.6, side * 4)
        c.shadow(cup, dx=0.2, dy=0.6, blur=1, opacity=0.3)
        c.paint(cup, look.surface(scale=0.7, weave=0.015), volume=0.75, depth=3.6)
        c.paint(
            ball(x + side * 2.6, 66, 5.4, 11.6, side * 4),
            mix(look.main, look.second, 0.35 if look.plain else 0.9),
            volume=-0.4,
            depth=1.6,
        )
        c.paint(ball(x + side * 2.8, 66, 3.6, 8.6, side * 4), mix(look.accent, look.main, 0.35), volume=0.5, depth=1.6)
        c.paint(soften(ball(x - 2.4, 57, 1.3, 4, 14), 0.8), WHITE, opacity=0.42)


def _glass(c: Canvas, look: Look, left: float, top: float, right: float, bottom: float) -> None:
    screen = box(left, top, right, bottom, 4)
    c.paint(screen, rgb("#101218"))
    wall = box(left + 1, top + 1, right - 1, bottom - 1, 3.4)
    c.paint(wall, look.surface(scale=1.5, weave=0.0), fade=0.25)
    c.paint(wall, mix(look.main, look.second, 0.5), opacity=0.25)
    letters(c, "10:24", (left + right) / 2, top + 13, 6.4, WHITE, opacity=0.92)
    for i in range(4):
        x = left + 4.4 + i * (right - left - 8.8) / 3
        c.paint(
            box(x - 2.3, bottom - 9, x + 2.3, bottom - 4.4, 1.2),
            (pale(look.accent, 0.2), pale(look.second, 0.4), WHITE, pale(look.main, 0.3))[i],
            opacity=0.9,
        )
    c.paint(ball((left + right) / 2, top + 3.6, 1.0), BLACK)
    c.paint(
        fill(f"M{left} {top + 20} L{left + 18} {top} L{left + 26} {top} L{left} {top + 32} Z") & screen,
        WHITE,
        opacity=0.1,
    )


def phone(c: Canvas, look: Look) -> None:
    c.ground(52, 90, 30, 2.4)
    back = box(42, 14, 76, 84, 6)
    c.shadow(back, dx=1.5, dy=2, blur=1.6, opacity=0.26)
    c.paint(back, look.main, volume=0.5, depth=1.6, fade=0.1)
    c.paint(box(61, 17, 73, 33, 3.4), mix(look.main, BLACK, 0.16), volume=0.4, depth=0.8)
    for y in (21, 29):
        c.paint(ball(67, y, 2.9), rgb("#17181d"), volume=0.5, depth=0.7)
        c.paint(ball(66.2, y - 0.8, 0.8), rgb("#6d7fa8"))
    front = box(24, 18, 58, 88, 6)
    c.shadow(front, dx=1.5, dy=1.2, blur=1.4, opacity=0.4)
    c.paint(front, mix(look.main, rgb("#c8c8cc"), 0.35), volume=0.7, depth=0.8)
    _glass(c, look, 25.4, 19.4, 56.6, 86.6)


def phone_cover(c: Canvas, look: Look) -> None:
    body = box(30, 10, 70, 90, 7.5)
    c.shadow(body, dx=2, dy=2.6, blur=2.2, opacity=0.4)
    c.paint(body, mix(look.main, BLACK, 0.24), volume=0.5, depth=0.8)
    face = box(31, 11, 69, 89, 6.7)
    c.paint(face, look.surface(scale=1.05, weave=0.012), volume=0.26, depth=2)
    if look.plain:
        motif(c, look, 50, 60, 12.5, within=face)
    bump = box(33.6, 13.6, 50, 30.6, 4.6)
    c.shadow(bump, dx=0.3, dy=0.6, blur=0.7, opacity=0.4)
    c.paint(bump, mix(look.main, BLACK, 0.3), volume=0.5, depth=0.8)
    c.paint(box(34.6, 14.6, 49, 29.6, 3.8), rgb("#22242a"), volume=-0.3, depth=0.8)
    for x, y in ((38.6, 18.6), (38.6, 25.6), (45.2, 22.1)):
        c.paint(ball(x, y, 2.9), rgb("#0d0e12"), volume=0.7, depth=0.5)
        c.paint(ball(x, y, 1.6), rgb("#2b3350"))
        c.paint(ball(x - 0.8, y - 0.8, 0.6), rgb("#9fb0d8"))
    c.paint(ball(45.6, 27.4, 0.8), rgb("#f4ecd0"))
    for y, h in ((30, 5), (38, 9)):
        c.paint(box(69.4, y, 71, y + h, 0.6), mix(look.main, BLACK, 0.35), volume=0.4, depth=0.5)
    c.paint(soften(fill("M31 44 L62 11 L67 11 L31 52 Z") & face, 0.6), WHITE, opacity=0.1)
