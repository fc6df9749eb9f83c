"""How well questions of fact are answered: right with its source, "not said" where nothing says it, nothing invented.

    python benchmarks/assistant_facts.py [--half b] [--show N]

Demo: questions made from patterns in five languages (`questions/half_a.tsv`, looked at while the reader was built, and
`half_b.tsv`, written before it and not looked at) over the products of the demo shop; what is right is what their files
say. Real: `conversation/product_questions.csv.gz`, whose candidates are a product's listing and say whether they answer
(2: wholly, 1: in part, 0: not), and `conversation/answers_from_evidence.csv.gz`, whose evidence does; products in two
halves by a hash of their id. Reviews and answers of other shoppers are no listing and are left out.

The check of inventions knows no frames: each value of a statement stands in the answer and, letter by letter, in the
files that the products were made from.
"""

from __future__ import annotations

import json
import random
import re
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import typer

from bottega.actions.assistant.fact_answers import answer_question
from bottega.actions.assistant.fact_shapes import FactAnswer
from bottega.actions.intake.import_catalogue import import_catalogue
from bottega.actions.intake.shapes import ImportCatalogueRequest
from bottega.catalogue.product import Product
from bottega.datasets.demo_store import write_demo_shop
from bottega.models.dialogue.commands import Command, Intent
from bottega.models.dialogue.public_questions import AskedPublicly, asked_publicly, asked_with_evidence
from bottega.shop.folder import ShopFolder
from bottega.shop.open_shop import OpenShop
from common import DATA, HERE, machine

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


@dataclass
class Counted:
    """What became of a set of questions."""

    asked: int = 0
    right: int = 0
    silent: int = 0
    wrong: int = 0
    turned: int = 0
    """Yes where no is right, or the other way about."""
    plain: int = 0
    """Of questions for a yes or a no, those answered with the right word."""
    yes_no: int = 0
    invented: int = 0
    missed: list[str] = field(default_factory=list)


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
        if not others or "shade" in tokens or "pot" in tokens:
            return
        value = draw.choice(others)
    yield Asked(row["id"], pattern.replace("{value}", value[1][language]), language, key, way, places, tuple(there))


def judged(answer: FactAnswer, one: Asked, files: str, counts: Counted) -> None:
    """Count one answer; `files`: everything that the product's files say, for the check of inventions."""
    counts.asked += 1
    counts.invented += sum(_invented(answer, files))
    verdicts = {statement.verdict for statement in answer.statements} - {""}
    if one.way in ("yes", "no"):
        counts.yes_no += 1
        counts.plain += verdicts == {one.way}
    turned = one.way in ("yes", "no") and bool(verdicts - {one.way})
    if not one.places and not one.passages:
        right = not answer.known
    elif not answer.known:
        counts.silent += 1
        right = False
    elif one.passages:
        right = all(_within(source.said, one.passages) for source in answer.sources)
    else:
        held = not one.values or any(_holds(answer.text, value) for value in one.values)
        right = held and not turned and {source.place for source in answer.sources} <= one.places
    counts.right += right
    counts.turned += turned
    counts.wrong += answer.known and not right
    if not right:
        counts.missed.append(f"{one.language} {one.key} {one.way}: {one.text} -> {answer.text}")


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[\W_]+", " ", text.casefold()).split())


def _within(said: str, passages: frozenset[str]) -> bool:
    plain = _plain(said)
    return any(plain in one for one in passages)


def _holds(text: str, value: str) -> bool:
    if re.fullmatch(r"[\d.]+ [A-Z]{3}", value):
        return re.sub(r"\D", "", value) in re.sub(r"\D", "", text)
    return value.casefold() in text.casefold()


def _invented(answer: FactAnswer, files: str) -> Iterator[bool]:
    """For each value of each statement: whether it stands nowhere in the product's files, or not in the answer."""
    plain = _plain(files)
    digits = re.findall(r"\d+", files)
    for statement in answer.statements:
        for value in statement.values:
            numbers = re.sub(r"\D", "", value)
            is_price = statement.key == "price" and any(
                numbers == "".join(digits[at : at + 2]) for at in range(len(digits))
            )
            yield not ((_plain(value) in plain or is_price) and _plain(value) in _plain(answer.text))


def answered(shop: OpenShop, questions: Sequence[Asked], files: dict[str, str]) -> tuple[Counted, Counted]:
    """Those that a listing answers, and those that none does."""
    said, unsaid = Counted(), Counted()
    for one in questions:
        answer = answer_question(shop, [one.product_id], Command(Intent.ASK, one.text), one.language)
        judged(answer, one, files[one.product_id], said if one.places or one.passages else unsaid)
    return said, unsaid


def demo(half: str, folder: Path) -> tuple[Counted, Counted]:
    files = write_demo_shop(folder / "files", products=600, shoppers=10, pictures=False)
    rows = [json.loads(line) for line in files.catalogue.read_text().splitlines()]
    with OpenShop.open(folder / "shop") as shop:
        import_catalogue(shop, ImportCatalogueRequest(source=files.catalogue))
        groups: dict[str, str] = defaultdict(str)
        for row in rows:
            groups[row["group_id"] or row["id"]] += json.dumps(row, ensure_ascii=False)
        texts = {row["id"]: groups[row["group_id"] or row["id"]] for row in rows}
        return answered(shop, list(demo_questions(rows, half)), texts)


def real_product(asked: AskedPublicly) -> tuple[Product, str]:
    """The listing that a question's passages make, and all of it as one text."""
    attributes: dict[str, tuple[str, ...]] = {}
    bullets, described = [], []
    for one in asked.listed:
        if one.kind == "attribute":
            if one.name and one.text:
                attributes[re.sub(r"\W+", "_", one.name.casefold())] = (one.text,)
        elif one.kind == "bullet":
            bullets.append(one.text)
        else:
            described.append(one.text)
    if bullets:
        attributes["bullets"] = tuple(bullets)
    title = asked.title or asked.number
    product = Product(id=asked.number, title=title, description="\n".join(described), attributes=attributes)
    files = "\n".join([asked.title, *described, *(value for values in attributes.values() for value in values)])
    return product, files


def real_questions(asked: Iterable[AskedPublicly]) -> Iterator[tuple[Asked, Product, str]]:
    """Questions that something of the listing answers, or nothing; those that it answers in part are left out."""
    for one in asked:
        labels = {passage.label for passage in one.listed}
        if 2 in labels or 1 not in labels:
            product, files = real_product(one)
            right = frozenset(_plain(passage.text) for passage in one.listed if passage.label)
            yield Asked(product.id, one.question, "en", "real", "real", passages=right), product, files


def real(which: Iterator[tuple[Asked, Product, str]], folder: Path) -> tuple[Counted, Counted]:
    questions = list(which)
    opened = ShopFolder.open(folder)
    opened.store.products.upsert([product for _, product, _ in questions])
    with OpenShop(opened) as shop:
        return answered(shop, [one for one, _, _ in questions], {product.id: files for _, product, files in questions})


def told(name: str, said: Counted, unsaid: Counted, show: int) -> None:
    share = said.right / max(1, said.asked)
    quiet = unsaid.right / max(1, unsaid.asked)
    words = f"{said.plain}/{said.yes_no}" if said.yes_no else "-"
    print(
        f"| {name} | {said.asked} | {share:.3f} | {said.silent} | {said.wrong} | {words} | {said.turned} | "
        f"{unsaid.asked} | {quiet:.3f} | {said.invented + unsaid.invented} |"
    )
    for line in (said.missed + unsaid.missed)[:show]:
        print("   ", line)


def main(
    half: Annotated[str, typer.Option(help="a or b.")] = "b",
    show: Annotated[int, typer.Option(help="So many wrong answers of each set; only of half a, while building.")] = 0,
) -> None:
    started = time.process_time()
    print(f"Half {half.upper()}; {machine()}.\n")
    print(
        "| questions | answerable | right, right source | silent | wrong | yes or no said rightly | turned round "
        "| not answerable | not said | invented |"
    )
    print("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|")
    with tempfile.TemporaryDirectory() as place:
        told("demo, five languages", *demo(half, Path(place)), show)
        if (DATA / "conversation").exists():
            for name, read in (("product_questions", asked_publicly), ("answers_from_evidence", asked_with_evidence)):
                questions = real_questions(read(DATA / "conversation", half))
                told(name, *real(questions, Path(place) / name), show)
    print(f"\n{time.process_time() - started:.0f} CPU seconds.")


if __name__ == "__main__":
    typer.run(main)
