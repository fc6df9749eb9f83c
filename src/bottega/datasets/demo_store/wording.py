"""From a design's numbers to what a shopper reads: ids, titles, descriptions, attributes, and the picture's design."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Any

from bottega.datasets.demo_store.brands import BRANDS
from bottega.datasets.demo_store.catalogue import COLOUR_NAMES, DAYS, GENDERS, NEVER, DemoCatalogue
from bottega.datasets.demo_store.departments import DEPARTMENTS, Department
from bottega.datasets.demo_store.pictures import Design
from bottega.datasets.demo_store.styles import MOTIFS, PATTERNS, STYLES
from bottega.names import DAY_MS

__all__ = ["START_MS", "picture_design", "product_rows", "query_text"]

START_MS = 1_753_999_200_000
"""First moment of the simulation: 31 July 2025, 22:00 UTC, midnight of 1 August in the shop's own time."""

_HEADS = (
    *("Ash", "Birch", "Cole", "Dun", "Elm", "Fern", "Glen", "Hazel", "Isle", "Jade", "Kel", "Lin", "Mar", "Nor", "Oak"),
    *("Pen", "Quill", "Rowan", "Sel", "Thorn", "Ul", "Vale", "Win", "Yar", "Bram", "Clay", "Ever", "Fox", "Green"),
    *("Holm", "Long", "Merri", "Stan", "Wynd"),
)
_TAILS = (
    *("by", "combe", "dale", "field", "ford", "ham", "ley", "lock", "mere", "mont", "more", "ridge", "ton", "wick"),
    *("wood", "stead", "worth", "den"),
)
_CARE = {
    "wear": (
        "Machine wash cool, line dry.",
        "Wash inside out at 30 degrees.",
        "Made in small runs in Portugal.",
        "Fits true to size.",
    ),
    "home": (
        "Made to be used, not only looked at.",
        "Packed in paper, without plastic.",
        "Made by hand, so no two are quite alike.",
        "Looks best next to wood and daylight.",
    ),
    "tech": (
        "Two-year guarantee.",
        "Ships in a recycled paper box.",
        "Tested by people who drop things.",
        "Designed to be used every day.",
    ),
    "care": (
        "Keep cool and dry.",
        "Packed in recyclable material.",
        "Made in small batches.",
        "No microplastics, no colourants.",
    ),
    "pantry": (
        "Keep cool and dry.",
        "Packed in recyclable material.",
        "Made in small batches.",
        "Tastes and smells of what it says.",
    ),
}
_STYLE_LINES = (
    "Part of our {style} collection, in {colour} with {second} accents.",
    "A {other} note for {style} rooms and wardrobes.",
    "The {pattern_words} in {colour} and {second} is drawn by our own studio.",
    "Goes well with the other {style} pieces by {brand}.",
)
_DRAWN_AS = {
    "coffee_maker": {"moka pot": "moka"},
    "soap": {"hand wash": "bottle", "bar soap": "bar"},
}
_PRINTED = {"tshirt", "tote", "mug", "cushion", "phone_cover", "teapot", "poster"}


def _name(number: int) -> str:
    """A place-like name; 612 of them before they repeat."""
    number = (number * 211) % (len(_HEADS) * len(_TAILS))
    return _HEADS[number % len(_HEADS)] + _TAILS[number // len(_HEADS)]


def _details(d: Department, options: list[int]) -> dict[str, str]:
    return {name: values[number % len(values)] for (name, values), number in zip(d.options, options, strict=False)}


def _look(pattern: str, motif: str, printed: bool) -> str:
    """The words before the noun: "striped ", "sun-print ", or nothing."""
    if pattern == "plain":
        return f"{motif}-print " if printed and motif != "none" else ""
    return f"{pattern} "


def _words(c: DemoCatalogue, i: int, name: str, details: dict[str, str]) -> dict[str, str]:
    """Everything that templates may mention."""
    d, style, brand = DEPARTMENTS[c.department[i]], STYLES[c.style[i]], BRANDS[c.brand[i]]
    pattern, motif = PATTERNS[c.pattern[i]], MOTIFS[c.motif[i]]
    look = _look(pattern, motif, d.key in _PRINTED)
    words = {
        "name": name,
        "noun": d.noun,
        "brand": brand.name,
        "colour": COLOUR_NAMES[c.colours[i, 0]],
        "second": COLOUR_NAMES[c.colours[i, 1]],
        "material": d.materials[c.material[i]],
        "style": style.name,
        "adjective": style.adjectives[int(c.options[i, 4]) % len(style.adjectives)],
        "other": style.adjectives[(int(c.options[i, 4]) + 1) % len(style.adjectives)],
        "look": look,
        "pattern_words": f"{pattern} pattern" if pattern != "plain" else "plain finish",
        **details,
    }
    if "scent" in details:
        words["scent_lower"] = details["scent"].lower()
    words.update({key.capitalize(): value[:1].upper() + value[1:] for key, value in tuple(words.items())})
    return words


def _label(d: Department, name: str, details: dict[str, str]) -> str:
    """The name printed on the product itself."""
    return details.get("origin") or details.get("blend") or name


def picture_design(c: DemoCatalogue, i: int, seed: int) -> Design:
    """What the picture of design i shows."""
    d, style = DEPARTMENTS[c.department[i]], STYLES[c.style[i]]
    details = _details(d, c.options[i].tolist())
    drawn = {key: _DRAWN_AS.get(d.key, {}).get(value, value) for key, value in details.items()}
    return Design(
        drawing=d.key,
        colours=(COLOUR_NAMES[c.colours[i, 0]], COLOUR_NAMES[c.colours[i, 1]], COLOUR_NAMES[c.colours[i, 2]]),
        pattern=PATTERNS[c.pattern[i]],
        motif=MOTIFS[c.motif[i]],
        backdrop=style.backdrops[int(c.options[i, 3]) % len(style.backdrops)],
        brand=BRANDS[c.brand[i]].name,
        name=_label(d, _name(i), details),
        seed=zlib.crc32(f"{seed}/{i}".encode()),
        details=drawn,
    )


_OWN_PRINT = {
    "tshirt": "t_shirt",
    "tote": "tote",
    "mug": "mug",
    "phone_cover": "phone_cover",
    "headphones": "headphones",
    "cushion": "cushion",
    "poster": "poster",
}
_PALE = ("white", "cream", "sand", "stone", "sky", "mint", "blush", "pink")
"""What is pale and has no pattern comes with a picture of the shopper's own, too."""


def _attributes(c: DemoCatalogue, i: int, details: dict[str, str], size: str) -> dict[str, list[str]]:
    d = DEPARTMENTS[c.department[i]]
    pattern, motif = PATTERNS[c.pattern[i]], MOTIFS[c.motif[i]]
    colours = c.colours[i].tolist()[: 1 if pattern == "plain" else 2]
    out = {
        "color": [COLOUR_NAMES[code] for code in colours],
        "pattern": [pattern],
        "material": [d.materials[c.material[i]]],
        "style": [STYLES[c.style[i]].name],
    }
    if pattern == "plain" and d.key in _PRINTED and motif != "none":
        out["motif"] = [motif]
    if GENDERS[c.gender[i]]:
        out["gender"] = [GENDERS[c.gender[i]]]
    if size:
        out["size"] = [size]
    for key, value in details.items():
        out.setdefault(key, [value])
    if d.key in _OWN_PRINT and pattern == "plain" and COLOUR_NAMES[c.colours[i, 0]] in _PALE:
        out["customise"] = [_OWN_PRINT[d.key]]
    return out


def _availability(c: DemoCatalogue, i: int) -> str:
    if c.sold_out_day[i] < DAYS:
        return "out_of_stock"
    return {0: "preorder", 1: "backorder"}.get(int(c.options[i, 2]) % 160, "in_stock")


def product_rows(c: DemoCatalogue, *, pictures: bool, start_ms: int = START_MS) -> Iterator[dict[str, Any]]:
    """One mapping a product, as the shop would export it: the fields of `Product`, price as "24.90 EUR".

    With `pictures`, `images` names the file that `picture_design` is drawn into: one a design.
    """
    seen: dict[str, int] = {}
    for i in range(len(c)):
        d = DEPARTMENTS[c.department[i]]
        details = _details(d, c.options[i].tolist())
        words = _words(c, i, _name(i), details)
        title = d.title.format(**words)
        title = title[0].upper() + title[1:]
        if title in seen:
            title = f"{title}, {words['brand']}"
        count = seen[title] = seen.get(title, 0) + 1
        if count > 1:
            title = f"{title} (No. {count})"
        turn = int(c.options[i, 1])
        sentences = (d.openings[turn % len(d.openings)], _STYLE_LINES[turn // 2 % len(_STYLE_LINES)])
        description = " ".join(s.format(**words) for s in sentences) + " " + _CARE[d.family][turn // 8 % 4]
        description = description[0].upper() + description[1:]
        first, last = int(c.offsets[i]), int(c.offsets[i + 1])
        number = f"{d.code}-{i:05d}"
        launched = max(float(c.launch_day[i]), 0.0) if c.launch_day[i] < NEVER else DAYS
        for k in range(last - first):
            size = d.sizes[k] if d.sizes and last - first > 1 else ""
            yield {
                "id": f"{number}-{size}" if size else number,
                "group_id": number if size else None,
                "title": f"{title}, size {size}" if size else title,
                "description": description,
                "brand": BRANDS[c.brand[i]].name,
                "category": list(d.category),
                "price": f"{int(c.price_minor[i]) / 100:.2f} EUR",
                "availability": _availability(c, i),
                "hidden": bool(c.hidden[i]),
                "images": [f"images/{number}.jpg"] if pictures else [],
                "attributes": _attributes(c, i, details, size),
                "updated_at_ms": start_ms + int(launched * DAY_MS),
            }


def query_text(code: int) -> str:
    """What was typed: a department's word, perhaps after a colour or a pattern (see `sessions.py` for the code)."""
    department, rest = divmod(code, 100)
    noun = DEPARTMENTS[department].noun
    if rest == 0:
        return noun
    if rest <= len(COLOUR_NAMES):
        return f"{COLOUR_NAMES[rest - 1]} {noun}"
    pattern = PATTERNS[rest - len(COLOUR_NAMES) - 1]
    return f"{pattern} {noun}" if pattern != "plain" else noun
