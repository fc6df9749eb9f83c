"""How natural answers read: a hundred of real talks beside templates, blind; page: assistant_naturalness.md.

    python benchmarks/assistant_naturalness.py [--sheet 1|2] [--dialogues FILE]

Shoppers' recorded lines (half a) are said to the assistant in a shop of the products that they name. Beside each answer
stands what a template would say: one fixed sentence for each kind of answer, with the same count and first product.
`--sheet` prints the pairs of one order, sides drawn by a seed and changed in the other order, without saying which is
whose. Verdicts (l, r, or = for neither) are lines of naturalness_verdicts.txt, a line an order; without `--sheet` they
are counted.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from assistant import recorded
from bottega.actions.assistant.assistant import assistant
from bottega.actions.assistant.shapes import AssistantAnswer, AssistantRequest
from bottega.catalogue.product import Product
from bottega.shop.folder import ShopFolder
from bottega.shop.open_shop import OpenShop
from common import DATA

PAIRS = 100
BEFORE = 100
"""Answers before them, which were read while sentences were mended, and are not judged."""
VERDICTS = Path(__file__).parent / "lines" / "naturalness_verdicts.txt"


def template(answer: AssistantAnswer) -> str:
    """One fixed sentence for each kind of answer."""
    kind = answer.understood[0].intent if answer.understood else ""
    if answer.products:
        return f"Here are {answer.total or len(answer.products)} results for your request."
    if kind in ("ask", "order"):
        return "No information was found for your question."
    if kind == "person":
        return "You will be connected to an agent."
    return "How can I help you?" if kind == "chat" else "Please rephrase your request."


def answers(path: Path) -> Iterator[tuple[str, AssistantAnswer]]:
    """Lines of recorded shoppers with the answers to them."""
    every, catalogue = recorded(path)
    talks = [talk for talk in every if talk.half == "a"]
    with tempfile.TemporaryDirectory() as folder:
        shop = ShopFolder.open(Path(folder))
        draw = random.Random(5)
        shop.store.products.upsert(
            [
                Product(id=id_, title=title, price_minor=draw.randrange(500, 9000, 50), currency="EUR")
                for id_, title in catalogue.items()
            ]
        )
        with OpenShop(shop) as opened:
            for number, talk in enumerate(talks):
                for line in talk.lines:
                    asked = AssistantRequest(talk_id=f"natural-{number}", text=line[:1000] or "...", language="en", n=3)
                    answer = assistant(opened, asked)
                    if answer.text:
                        yield line, answer


def pairs(path: Path, order: int) -> list[tuple[str, str, str, str]]:
    """Line, left, right, and which side is the assistant's, of each pair in one order."""
    draw = random.Random(3)
    found = []
    for line, answer in islice(answers(path), BEFORE, BEFORE + PAIRS):
        side = draw.choice("lr")
        if order == 2:
            side = "rl"["lr".index(side)]
        ours, theirs = " ".join(answer.text), template(answer)
        found.append((line, ours if side == "l" else theirs, theirs if side == "l" else ours, side))
    if order == 2:
        random.Random(4).shuffle(found)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dialogues", type=Path, default=DATA / "conversation" / "assistant_dialogues.jsonl.gz")
    parser.add_argument("--sheet", type=int, choices=[1, 2])
    asked = parser.parse_args()
    if asked.sheet:
        for number, (line, left, right, _) in enumerate(pairs(asked.dialogues, asked.sheet), start=1):
            print(f"{number}. > {line[:160]}\n   l: {left[:300]}\n   r: {right[:300]}")
        return
    told = VERDICTS.read_text().split()
    for order, verdicts in enumerate(told, start=1):
        sides = [side for *_, side in pairs(asked.dialogues, order)]
        ours = sum(one == side for one, side in zip(verdicts, sides, strict=True))
        neither = verdicts.count("=")
        print(f"order {order}: the assistant's {ours}, the template's {PAIRS - ours - neither}, neither {neither}")


if __name__ == "__main__":
    main()
