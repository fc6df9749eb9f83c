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
import re
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

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
from common import DATA, machine
from demo_questions import Asked, demo_questions

SAME = 0.8
"""Of the words of the shorter of two passages, the share that the other holds where both say the same."""


@dataclass
class Counted:
    """What became of a set of questions."""

    asked: int = 0
    right: int = 0
    alike: int = 0
    """Right, or another passage that says the same as a right one."""
    silent: int = 0
    wrong: int = 0
    turned: int = 0
    """Yes where no is right, or the other way about."""
    plain: int = 0
    """Of questions for a yes or a no, those answered with the right word."""
    yes_no: int = 0
    invented: int = 0
    missed: list[str] = field(default_factory=list)


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
    counts.alike += right or (answer.known and any(_same(source.said, one.passages) for source in answer.sources))
    counts.turned += turned
    counts.wrong += answer.known and not right
    if not right:
        counts.missed.append(f"{one.language} {one.key} {one.way}: {one.text} -> {answer.text}")


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[\W_]+", " ", text.casefold()).split())


def _within(said: str, passages: frozenset[str]) -> bool:
    plain = _plain(said)
    return any(plain in one for one in passages)


def _same(said: str, passages: frozenset[str]) -> bool:
    """Whether nearly all words of one, and all its numbers, stand in the other: the same told twice."""
    words = {word for word in _plain(said).split() if len(word) > 2 or word.isdigit()}
    for passage in passages:
        other = {word for word in passage.split() if len(word) > 2 or word.isdigit()}
        less, more = sorted((words, other), key=len)
        numbers = {word for word in less if word.isdigit()}
        if less and numbers <= more and len(less & more) >= SAME * len(less):
            return True
    return False


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
    alike = f"{said.alike / max(1, said.asked):.3f}" if said.alike > said.right else "-"
    words = f"{said.plain}/{said.yes_no}" if said.yes_no else "-"
    print(
        f"| {name} | {said.asked} | {share:.3f} | {alike} | {said.silent} | {said.wrong} | {words} | {said.turned} | "
        f"{unsaid.asked} | {quiet:.3f} | {said.invented + unsaid.invented} |"
    )
    for line in (said.missed + unsaid.missed)[:show]:
        print("   ", line)


def main(
    half: Annotated[str, typer.Option(help="a, b, or c: lines to mend by.")] = "b",
    show: Annotated[int, typer.Option(help="So many wrong answers of each set; only of half a, while building.")] = 0,
) -> None:
    started = time.process_time()
    print(f"Half {half.upper()}; {machine()}.\n")
    print(
        "| questions | answerable | right, right source | or the same said | silent | wrong | yes or no said rightly "
        "| turned round | not answerable | not said | invented |"
    )
    print("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|")
    with tempfile.TemporaryDirectory() as place:
        told("demo, five languages", *demo(half, Path(place)), show)
        if half in ("a", "b") and (DATA / "conversation").exists():
            for name, read in (("product_questions", asked_publicly), ("answers_from_evidence", asked_with_evidence)):
                questions = real_questions(read(DATA / "conversation", half))
                told(name, *real(questions, Path(place) / name), show)
    print(f"\n{time.process_time() - started:.0f} CPU seconds.")


if __name__ == "__main__":
    typer.run(main)
