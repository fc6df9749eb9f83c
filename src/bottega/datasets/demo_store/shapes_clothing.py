# ruff: noqa: E501 (a path is one line, as in an SVG file)
"""Garments laid flat: T-shirts, shirts, sweaters, dresses, trousers, jeans and socks."""

from __future__ import annotations

from bottega.datasets.demo_store.canvas import Canvas, Mask, ball, box, fill, half, mix, rgb, soften, stroke
from bottega.datasets.demo_store.look import BLACK, WHITE, Look, motif

__all__ = ["dress", "jeans", "shirt", "socks", "sweater", "trousers", "tshirt"]


def _flip(path: str) -> str:
    """The mirror image of a path about the middle."""
    words, odd = [], False
    for word in path.replace("M", "M ").replace("L", "L ").replace("C", "C ").replace("Q", "Q ").split():
        words.append(word if word.isalpha() else word if odd else f"{100 - float(word):.2f}")
        odd = False if word.isalpha() else not odd
    return " ".join(words)


def _seam(c: Canvas, path: str, body: Mask, *, both: bool = True, opacity: float = 0.2, width: float = 0.4) -> None:
    for p in (path, _flip(path)) if both else (path,):
        c.line(p, BLACK, width, opacity=opacity, within=body)


def _lay(c: Canvas, body: Mask, look: Look, *, scale: float = 1.0, weave: float = 0.03) -> None:
    c.shadow(body, opacity=0.34)
    c.paint(body, look.surface(scale=scale, weave=weave), volume=0.34, depth=3.4)


def tshirt(c: Canvas, look: Look) -> None:
    deep = look.details.get("neckline") == "v-neck"
    long = look.details.get("sleeves") == "long sleeves"
    dip = 33 if deep else 26.5
    sleeve = (
        "C17 30 11 50 8 72 L16 74 C19 60 23 50 28 42" if long else "C19 29 13 37 9 45 L18.5 51 C21.5 47.5 24.5 45 28 42"
    )
    body = fill(
        half(
            f"M50 {dip} C46 {dip - (3 if deep else 0.3)} 43 23 41 18 C35 20 29 21.5 24.5 24.5 {sleeve} C29 56 28.6 70 27.5 84 C35 86.2 43 86.6 50 86.6"
        )
    )
    back = ball(50, 18.6, 9.4, 3.6) | fill(half(f"M50 {dip + 0.4} C46 {dip - (2.6 if deep else 0)} 43 23 41 18 L50 18"))
    c.shadow(body | back, opacity=0.34)
    c.paint(back, mix(look.main, BLACK, 0.34))
    c.line("M42 18.6 C46 21.6 54 21.6 58 18.6", mix(look.main, BLACK, 0.15), 1.8)
    c.paint(body, look.surface(), volume=0.34, depth=3.4)
    c.folds(["M31 50 C34 58 32 66 35 76", "M66 56 C63 64 66 72 63 80", "M46 60 C50 66 47 72 50 80"], body, strength=0.1)
    c.folds(["M28 42 C31 45 36 47 40 47", "M71 43 C68 47 64 49 59 49"], body, width=1.6, strength=0.11)
    _seam(c, "M24.5 24.5 C27.5 31 28.5 36 28 42", body)
    _seam(c, "M28 82.4 C36 84.2 43 84.8 50 84.8", body, opacity=0.18)
    if not long:
        _seam(c, "M10.2 43.4 L20 49.4", body)
    ring = f"M41 18 C43 23 46 {dip - (3 if deep else 0.3)} 50 {dip}"
    for path in (ring, _flip(ring)):
        c.line(path, mix(look.main, BLACK, 0.12) if look.plain else look.main, 1.9, within=body | back)
        c.line(path, BLACK, 0.35, opacity=0.25)
    if look.plain and look.motif != "none":
        motif(c, look, 50, 47, 11, within=body, opacity=0.92)
    elif look.plain:
        motif(c, look, 60, 38, 7, within=body)


def shirt(c: Canvas, look: Look) -> None:
    short = look.details.get("sleeves") == "short sleeves"
    sleeve = (
        "C18 27 13 38 10 46 L19 50.5 C22 46 25 43 28.5 40"
        if short
        else "C17 26 11 52 9 76 L17.5 77.5 C20 62 24 50 28.5 41"
    )
    body = fill(
        half(
            f"M50 21 C46 20 43.6 17.4 42.4 14.6 C36 17 28.6 18.6 24.6 21.4 {sleeve} C29.4 56 28.6 70 28 84 C32 89 41 88 50 86"
        )
    )
    _lay(c, body, look)
    c.folds(
        ["M33 46 C36 56 33 66 36 78", "M65 50 C62 60 66 70 63 82", "M22 40 C20 50 19 58 17 68"], body, strength=0.11
    )
    _seam(c, "M24.6 21.4 C28.5 28 29.5 34 28.5 41", body)
    if short:
        _seam(c, "M11 44 L20.4 48.8", body)
    else:
        _seam(c, "M9.4 71.6 L18 73", body, opacity=0.34)
        for x in (14.5, 85.5):
            c.paint(ball(x, 74.6, 0.55), WHITE, opacity=0.9)
    c.paint(
        fill("M48.2 20 L51.8 20 L51.8 87 L48.2 87 Z") & body,
        mix(look.main, BLACK, 0.05),
        opacity=0.55 if look.plain else 0.2,
    )
    for path in ("M48.2 20 L48.2 86.4", "M51.8 20 L51.8 86.4"):
        c.line(path, BLACK, 0.32, opacity=0.24, within=body)
    inside = ball(50, 14.4, 7.4, 3.0) | fill(half("M50 23 C45 21.6 43.4 18 42.2 14.4 L50 14.4"))
    c.paint(inside, mix(look.main, BLACK, 0.36))
    collar = mix(look.main, WHITE, 0.14)
    left = "M42 13 C44 16.4 47 19.4 50 21.4 L45 28.4 C42 25 40.4 20 40.6 15.4 Z"
    for path in (left, _flip(left)):
        flap = fill(path)
        c.shadow(flap, dx=0.3, dy=0.9, blur=0.8, opacity=0.34)
        c.paint(flap, collar, volume=0.35, depth=1.2)
    button = mix(look.ink, WHITE, 0.55) if look.plain else WHITE
    for y in (27, 37, 47, 57, 67, 77):
        c.paint(ball(50, y, 0.95), mix(button, BLACK, 0.06), volume=0.6, depth=0.5)
        c.line(f"M49.7 {y} L50.3 {y}", BLACK, 0.25, opacity=0.5)
    pocket = fill("M57 39 L66.4 39 L66.4 48 L61.7 50.6 L57 48 Z")
    c.shadow(pocket, dx=0.2, dy=0.5, blur=0.5, opacity=0.2)
    c.line("M57 39 L66.4 39 L66.4 48 L61.7 50.6 L57 48 L57 39", BLACK, 0.35, opacity=0.26)


def sweater(c: Canvas, look: Look) -> None:
    high = look.details.get("neckline") == "roll neck"
    body = fill(
        half(
            "M50 23 C45 23 42 20 40.6 17 C34 19 27 21 22.6 25 C15 33 9.4 54 7.6 74 L17.6 76 C20 64 23 54 27.4 46 C28 58 27.6 70 26.6 82 C34 84.6 43 85 50 85"
        )
    )
    back = ball(50, 17.4, 9.6, 3.8)
    c.shadow(body | back, opacity=0.36)
    c.paint(back, mix(look.main, BLACK, 0.36))
    c.paint(body, look.surface(scale=1.15, weave=0.055), volume=0.42, depth=4)
    for i in range(25):  # the rib of knitted cloth
        c.line(f"M{18 + i * 2.7:.1f} 18 L{18 + i * 2.7:.1f} 77", BLACK, 0.3, opacity=0.055, within=body)
    rib = fill(half("M50 85 C43 85 34 84.6 26.6 82 L27 76.4 C34 79 43 79.4 50 79.4")) & body
    cuff = (fill("M7.2 74.6 L17.8 76.6 L19 71 L8 69 Z") | fill("M92.8 74.6 L82.2 76.6 L81 71 L92 69 Z")) & body
    for part in (rib, cuff):
        c.paint(part, mix(look.main, BLACK, 0.12), opacity=0.9 if look.plain else 0.75)
    for i in range(34):
        c.line(f"M{7 + i * 2.6:.1f} 66 L{7 + i * 2.6:.1f} 87", BLACK, 0.5, opacity=0.16, within=rib | cuff)
    c.folds(
        ["M30 50 C34 58 32 66 34 76", "M68 52 C64 60 67 68 65 77", "M19 44 C17 52 16 60 15 68"], body, strength=0.12
    )
    _seam(c, "M22.6 25 C27.4 32 28.4 40 27.4 46", body, opacity=0.26)
    if high:
        neck = fill(half("M50 11 C45 11 41.4 11.8 40.4 13 L39.4 21 C42 24.4 46 25.6 50 25.6"))
        c.shadow(neck, dx=0.4, dy=1, blur=0.9, opacity=0.3)
        c.paint(neck, mix(look.main, BLACK, 0.06), volume=0.45, depth=2)
        for i in range(9):
            c.line(f"M{40 + i * 2.5:.1f} 11.6 L{40 + i * 2.5:.1f} 25", BLACK, 0.4, opacity=0.14, within=neck)
    else:
        for path in ("M40.6 17 C42 20 45 23 50 23", "M59.4 17 C58 20 55 23 50 23"):
            c.line(path, mix(look.main, BLACK, 0.14), 2.6)
            c.line(path, BLACK, 0.4, opacity=0.22)


def dress(c: Canvas, look: Look) -> None:
    straps = look.details.get("sleeves") == "straps"
    long = look.details.get("length") == "midi"
    hem, flare = (92, 21) if long else (82, 25)
    if straps:
        top = "M50 26 C46 27 42.6 25.4 40.6 22 C39 28 37 33 35.6 36"
    else:
        top = "M50 22 C46 21.4 44 18.4 43 14 C38.6 15.6 34 17 31.4 19.4 C27 23.6 24.4 29 23 34 L31 38 C32.4 35 33.6 33 35.2 32 L36 37"
    skirt = f"C37 42 38.6 45 39.4 48 C35 60 {flare + 3} 76 {flare} {hem - 3} C33 {hem} 42 {hem + 0.6} 50 {hem + 0.6}"
    body = fill(half(f"{top} {skirt}"))
    if straps:
        for path in ("M41.6 24 C42 18 43 14 44 11", "M58.4 24 C58 18 57 14 56 11"):
            c.shadow(stroke(path, 1.5), opacity=0.2)
            c.line(path, mix(look.main, BLACK, 0.06), 1.5)
    else:
        inside = ball(50, 14.4, 6.8, 2.6) | fill(half("M50 23 C46 22.4 44 19 43 14.4 L50 14.4"))
        c.paint(inside, mix(look.main, BLACK, 0.36))
    _lay(c, body, look, scale=0.85)
    edge = hem - 4
    c.folds(
        [
            f"M43 50 C41 62 37 76 35 {edge}",
            f"M50 51 C50 62 48 78 47 {edge}",
            f"M57 50 C60 62 63 76 64 {edge}",
            f"M40 50 C37 60 31 74 28 {edge - 2}",
        ],
        body,
        width=2.4,
        strength=0.13,
    )
    c.folds(["M43 30 C44 36 43 42 44 46"], body, strength=0.08)
    belt = fill(half("M50 49.6 C46 49.6 42 49.2 39.2 48.4 L38.8 45.4 C42 46.4 46 46.8 50 46.8"))
    c.paint(belt, mix(look.accent if not look.plain else look.main, BLACK, 0.14), volume=0.4, depth=1)
    if not straps:
        _seam(c, "M31.4 19.4 C34.4 24 35.6 28 35.2 32", body)
        for path in ("M43 14 C44 18.4 46 21.4 50 22", "M57 14 C56 18.4 54 21.4 50 22"):
            c.line(path, mix(look.main, BLACK, 0.15), 1.2)
    if look.rng.random() < 0.4:
        for path in (
            "M50 48 C45 45.4 43 50.6 50 48.4",
            "M50 48 C55 45.4 57 50.6 50 48.4",
            "M49.6 48.6 L47.6 56",
            "M50.4 48.6 L52.6 55.4",
        ):
            c.line(path, mix(look.main, BLACK, 0.3), 0.9)


def _legs(c: Canvas, look: Look, *, wide: bool, weave: float) -> Mask:
    out, knee = (25, 28) if wide else (31, 30.5)
    body = fill(
        half(
            f"M50 13.4 C44 13.6 38 13.6 34 13 C32 22 {knee} 36 {knee - 1} 50 C{knee - 1.4} 64 {out} 78 {out} 89 C33 91 40 91 {45.4 if not wide else 46.6} 90 C46.4 72 48 54 50 40"
        )
    )
    _lay(c, body, look, weave=weave)
    c.folds(
        [
            "M47 36 C43 38 40 38 37 37",
            "M53 36 C57 38 60 38 63 37",
            f"M{out + 8} 56 C{out + 10} 66 {out + 7} 76 {out + 8} 86",
            "M63 54 C62 66 66 76 65 86",
        ],
        body,
        strength=0.13,
    )
    return body


def trousers(c: Canvas, look: Look) -> None:
    body = _legs(c, look, wide=look.details.get("fit") == "wide leg", weave=0.025)
    band = fill(half("M50 13.2 C44 13.4 38 13.4 33.8 12.6 L33 17 C38 18 44 18.4 50 18.4"))
    c.paint(band, mix(look.main, BLACK, 0.1), volume=0.3, depth=1)
    c.line("M50 18 C51.4 26 51.6 32 50 39", BLACK, 0.4, opacity=0.3, within=body)
    _seam(c, "M36 18 C35 24 33 28 30.6 30", body, opacity=0.34)
    _seam(c, "M41 19 C38 42 36 64 36 89", body, opacity=0.13)
    c.paint(ball(50, 15.8, 0.9), mix(look.main, BLACK, 0.5), volume=0.6, depth=0.5)
    for x in (38, 44, 56, 62):
        c.paint(box(x - 0.6, 13.4, x + 0.6, 18.8, 0.3), mix(look.main, BLACK, 0.18))


def jeans(c: Canvas, look: Look) -> None:
    body = _legs(c, look, wide=look.details.get("fit") == "wide leg", weave=0.06)
    for x in (37, 63):  # worn lighter down the front of each leg
        c.paint(soften(ball(x, 48, 4.2, 20), 3) & body, WHITE, opacity=0.2)
    band = fill(half("M50 13.2 C44 13.4 38 13.4 33.8 12.6 L33 17.4 C38 18.4 44 18.8 50 18.8"))
    c.paint(band, mix(look.main, BLACK, 0.16), volume=0.3, depth=1)
    thread = rgb("#c78534")
    for path in (
        "M33.4 16.8 C38 17.8 44 18.2 50 18.2",
        "M49 19 C49 27 48.8 32 47.4 36 C49 37.4 50 38.4 50 40",
        "M36.4 18.6 C36.4 25 40 27.6 45 26.6",
    ):
        c.line(path, thread, 0.36, opacity=0.85, within=body)
    for path in ("M66.6 16.8 C62 17.8 56 18.2 50 18.2", "M63.6 18.6 C63.6 25 60 27.6 55 26.6"):
        c.line(path, thread, 0.36, opacity=0.85, within=body)
    _seam(c, "M41 19 C38 42 36 64 36 89", body, opacity=0.12)
    _seam(c, "M26 87.4 L46 88.4", body, opacity=0.25)
    c.paint(ball(50, 15.9, 1.0), mix(thread, BLACK, 0.25), volume=0.8, depth=0.5)
    for x in (39, 61):
        c.paint(box(x - 0.7, 13.2, x + 0.7, 19, 0.3), mix(look.main, BLACK, 0.22))


def socks(c: Canvas, look: Look) -> None:
    knit = look.surface(scale=0.8, weave=0.05)
    for dx, dy in ((9.0, 4.0), (-9.0, -3.0)):

        def at(path: str, dx: float = dx, dy: float = dy) -> str:
            words, odd = [], False
            for word in path.split():
                words.append(word if word.isalpha() else f"{float(word) + (dy if odd else dx):.2f}")
                odd = False if word.isalpha() else not odd
            return " ".join(words)

        leg = fill(
            at(
                "M 42 12 C 47 13 54 13 59 12 C 60 28 60 42 61 52 C 64 58 72 64 77 71 C 81 78 77 86 69 86 C 62 86 52 78 46 71 C 41 65 41 56 41.6 48 C 42 36 42 24 42 12 Z"
            )
        )
        c.shadow(leg, opacity=0.36)
        c.paint(leg, knit, volume=0.5, depth=3)
        trim = look.second if not look.plain else look.ink
        toe = fill(at("M 66 90 C 64 82 68 72 78 68 L 86 72 L 84 92 Z")) & leg
        heel = fill(at("M 38 54 L 42 54 C 48 58 50 66 46 76 L 38 74 Z")) & leg
        for part in (toe, heel):
            c.paint(part, trim, volume=0.2, depth=2)
        cuff = fill(at("M 41 10 L 60 10 L 60 20 C 54 21 47 21 41 20 Z")) & leg
        c.paint(cuff, trim, volume=0.25, depth=1.6)
        for i in range(10):
            c.line(at(f"M {42 + i * 2} 11 L {42 + i * 2} 20.4"), BLACK, 0.4, opacity=0.14, within=cuff)
        c.folds([at("M 45 56 C 50 55 55 52 60 48"), at("M 46 62 C 51 60 56 57 61 53")], leg, width=1.2, strength=0.12)
