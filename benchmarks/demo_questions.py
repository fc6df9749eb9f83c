"""Questions of fact over the demo shop, made from patterns in five languages; what is right is what its files say."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from common import HERE

SEED = 11
EACH = 3
"""Products that each pattern is asked of."""
LANGUAGES = ("en", "de", "fr", "es", "it")
ATTRIBUTE = {"colour": "color", "people": "gender"}
"""Keys whose attribute the demo shop calls otherwise."""
CODES = {
    "tote": "TOT",
    "backpack": "BAC",
    "lamp": "LAM",
    "headphones": "HEA",
    "mug": "MUG",
    "phone": "PHO",
    "boots": "BOO",
}
CODES |= {"sneakers": "SNE", "teapot": "TEP", "dress": "DRE", "trousers": "TRO", "jeans": "JEA", "sweater": "SWE"}
CODES |= {"candle": "CAN", "tea": "TEA", "shirt": "SHI", "cushion": "CUS", "soap": "SOA", "coffee": "COF"}
CODES |= {"coffee_maker": "COM", "boots": "BOO"}
NEAR = {
    "red": "burgundy terracotta coral rust brick rose pink", "pink": "rose coral blush red lilac",
    "white": "cream ivory sand",
    "cream": "white sand ivory sunshine mustard", "grey": "charcoal silver black", "black": "charcoal navy grey",
    "navy": "cobalt sky blue teal", "burgundy": "red plum rose", "olive": "forest sage mint green teal leafy",
    "cotton": "denim canvas poplin twill voile", "linen": "cotton-linen canvas", "leather": "suede", "suede": "leather",
    "wool": "lambswool merino", "plastic": "silicone nylon knit", "denim": "cotton canvas", "silk": "viscose",
    "stoneware": "porcelain ceramic terracotta enamel", "porcelain": "stoneware ceramic", "silicone": "plastic",
}  # fmt: skip
"""Values that nobody would answer with a plain no."""


@dataclass
class Asked:
    """A question with what is right. `places`: of the product's files; none where nothing says it."""

    product_id: str
    text: str
    language: str
    key: str
    way: str
    places: frozenset[str] = frozenset()
    values: tuple[str, ...] = ()
    """Some value of the listing that the answer must hold."""
    passages: frozenset[str] = frozenset()
    """Of real listings: the candidates that answer, folded."""


def patterns(half: str) -> list[tuple[str, str, str, str]]:
    rows = (HERE / "questions" / f"half_{half}.tsv").read_text().splitlines()
    found = [tuple(row.split("\t")) for row in rows if row and not row.startswith("#")]
    return [(one[0], one[1], one[2], one[3]) for one in found]


def value_words() -> dict[str, list[tuple[str, dict[str, str]]]]:
    found: dict[str, list[tuple[str, dict[str, str]]]] = defaultdict(list)
    for row in (HERE / "questions" / "values.tsv").read_text().splitlines():
        if row and not row.startswith("#"):
            key, value, *words = row.split("\t")
            found[key].append((value, dict(zip(LANGUAGES, words, strict=True))))
    return found


def demo_questions(rows: Sequence[dict[str, Any]], half: str) -> Iterator[Asked]:
    """Questions over the demo's catalogue, as its file says what is right."""
    draw = random.Random(SEED)
    words = value_words()
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        groups[row["group_id"] or row["id"]].append(row)
    shown = [row for row in rows if not row["hidden"]]
    for language, key, way, pattern in patterns(half):
        way, _, codes = way.partition(":")
        name = ATTRIBUTE.get(key, key)
        if way == "unsaid":
            wanted = {CODES[one] for one in codes.split(",")}
            pool = [row for row in shown if row["id"][:3] in wanted and not _may_say(key, row)]
        elif key in ("price", "stock"):
            pool = shown
        elif key == "brand":
            pool = [row for row in shown if row["brand"]]
        elif key == "pack":
            pool = [row for row in shown if row["id"].startswith("SOC")]
        elif key == "size":
            pool = [row for row in shown if row["group_id"]]
        elif key == "capacity":
            pool = [row for row in shown if "capacity" in row["attributes"]]
        else:
            pool = [row for row in shown if name in row["attributes"]]
            if key == "height":
                pool = [row for row in pool if row["id"].startswith("PLA")]
        for row in draw.sample(pool, min(EACH, len(pool))):
            yield from _asked(row, groups[row["group_id"] or row["id"]], language, key, way, pattern, words, draw)


def _may_say(key: str, row: dict[str, Any]) -> bool:
    """Whether a description may say something of it after all: found by plain words, by hand."""
    plain = {
        "pockets": "pocket", "warranty": "guarantee", "microwave": "microwave", "waterproof": "water",
        "lining": "lining",
        "weight": "weigh|mid-weight|without weight", "ironing": "iron", "vegan": "vegan", "heel": "heel",
    }  # fmt: skip
    return bool(re.search(plain.get(key, "nothing of it"), row["description"].casefold()))


def _asked(
    row: dict[str, Any],
    family: Sequence[dict[str, Any]],
    language: str,
    key: str,
    way: str,
    pattern: str,
    words: dict[str, list[tuple[str, dict[str, str]]]],
    draw: random.Random,
) -> Iterator[Asked]:
    name = ATTRIBUTE.get(key, key)
    if way == "unsaid":
        yield Asked(row["id"], pattern, language, key, way)
        return
    if key == "price":
        yield Asked(row["id"], pattern, language, key, way, frozenset({"price"}), (row["price"],))
        return
    if key == "stock":
        places = frozenset({"availability", "size"})
        yield Asked(row["id"], pattern, language, key, way, places)
        return
    if key == "brand":
        yield Asked(row["id"], pattern, language, key, way, frozenset({"brand"}), (row["brand"],))
        return
    there = [one for other in (family if key == "size" else [row]) for one in other["attributes"][name]]
    places = frozenset({name})
    if way == "open":
        yield Asked(row["id"], pattern, language, key, way, places, tuple(there))
        return
    said = " ".join(there).casefold()
    tokens = set(re.split(r"[\s-]+", said))
    holding = [one for one in words[key] if (one[0].casefold() in tokens if key != "people" else one[0] == said)]
    if key == "size":
        sold = {one for other in family if other["availability"] == "in_stock" for one in other["attributes"]["size"]}
        holding = [one for one in words[key] if one[0] in sold]
    if way == "yes":
        if "vegan" in tokens or (len(holding) != 1 and key == "material") or not holding:
            return
        value = draw.choice(holding)
    else:
        letters = there[0].isalpha()
        others = [
            one
            for one in words[key]
            if (one[0] not in there if key == "size" else one[0].casefold() not in said)
            and not set(NEAR.get(one[0], "").split()) & tokens
            and (key != "size" or one[0].isalpha() == letters)
        ]
        if not others or "shade" in tokens or "pot" in tokens or "unisex" in tokens:
            return
        value = draw.choice(others)
    yield Asked(row["id"], pattern.replace("{value}", value[1][language]), language, key, way, places, tuple(there))
