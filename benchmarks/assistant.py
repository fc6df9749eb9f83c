"""Talks with the assistant: recorded ones, said again line by line; page: assistant.md.

    python benchmarks/assistant.py --dialogues FILE [--half a|b|both] [--json]

`--dialogues`: recorded talks (one JSON object a line: `target`, `recommendations`, `messages`). The catalogue is every
product that they name, by its title alone; the shopper's lines are said one after the other to the assistant, which
reads each by itself. After each line the target's rank is looked up in all that the talk's list would show, page by
page; what a tie or an end leaves open counts as its middle. Beside it BM25 ranks the same titles by all lines so far
put together. `recorded_found`: talks in which the recorded assistant had the target among its recommendations;
`shown`: the same of the first six of this one, after any of the lines. Half a (by the target's hash) is what the
assistant was built with, half b what it is judged by.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from bottega.actions.assistant.assistant import assistant
from bottega.actions.assistant.finding import searched
from bottega.actions.assistant.shapes import AssistantRequest
from bottega.catalogue.product import Product
from bottega.models.dialogue.state import TalkState
from bottega.shop.folder import ShopFolder
from bottega.shop.open_shop import OpenShop

SHOWN = 6
PAGE = 200
_SELECTED = re.compile(r"Selected item for recommendation: (.*) \(ID: (\w+)\)", re.DOTALL)


@dataclass(frozen=True)
class Recorded:
    """One recorded talk: the product that was wanted, the shopper's lines, what was recommended."""

    target: str
    lines: tuple[str, ...]
    recommended: tuple[str, ...]

    @property
    def half(self) -> str:
        return "ab"[int(hashlib.sha256(self.target.encode()).hexdigest(), 16) % 2]


def recorded(path: Path) -> tuple[list[Recorded], dict[str, str]]:
    """Talks whose target has a title, and the catalogue: id -> title."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    titles: dict[str, str] = {}
    others: set[str] = set()
    for row in rows:
        for message in row["messages"]:
            text = message["content"]
            if message["role"] != "system":
                continue
            if text.startswith("Retrieved items:"):
                others |= {line.strip() for line in text.splitlines()[1:] if line.strip()}
            if found := _SELECTED.match(text):
                titles[found[2]] = found[1].strip()
        target = row["target"] or {}
        if target.get("title"):
            titles[target["id"]] = target["title"].strip()
    known = set(titles.values())
    catalogue = titles | {f"other-{number}": title for number, title in enumerate(sorted(others - known))}
    talks = [
        Recorded(
            row["target"]["id"],
            tuple(one["content"] for one in row["messages"] if one["role"] == "human"),
            tuple(row["recommendations"]),
        )
        for row in rows
        if row["target"] and row["target"].get("id") in titles
    ]
    return talks, catalogue


def ranks_of(scores: np.ndarray, place: int) -> float:
    """The rank of one of the scores, the highest first; in the middle of its equals."""
    better, same = int((scores > scores[place]).sum()), int((scores == scores[place]).sum())
    return 1 + better + (same - 1) / 2


def by_bm25(talks: Sequence[Recorded], catalogue: dict[str, str]) -> Iterator[list[float]]:
    """Ranks of each talk's target after each line, by all lines so far."""
    import bm25s  # type: ignore[import-untyped]
    import Stemmer  # type: ignore[import-not-found]

    ids = list(catalogue)
    given = {"stemmer": Stemmer.Stemmer("english"), "stopwords": "en", "show_progress": False}
    index = bm25s.BM25()
    index.index(bm25s.tokenize(list(catalogue.values()), **given), show_progress=False)
    for talk in talks:
        place = ids.index(talk.target)
        ranks = []
        for end in range(1, len(talk.lines) + 1):
            words = list(bm25s.tokenize([" ".join(talk.lines[:end])], **given).vocab)
            scores = index.get_scores([word for word in words if word]) if words else np.zeros(len(ids))
            ranks.append(ranks_of(np.asarray(scores), place))
        yield ranks


def listed(shop: OpenShop, state: TalkState) -> list[str]:
    """All that the talk's list would show, page by page."""
    ids: list[str] = []
    after: int | None = 0
    state = replace(state, listed=state.turn)
    asks = bool(state.wish or state.product_id)
    while after is not None and asks:
        answer = searched(shop, state, state.wish, after=after, n=PAGE)
        ids += [hit.product_id for hit in answer.items]
        after = answer.next
    shown = [one.product_id for one in state.shown]
    return list(dict.fromkeys([*([] if asks else shown), *ids]))


def by_assistant(
    shop: OpenShop, talks: Sequence[Recorded], products: int, **given: Any
) -> Iterator[tuple[list[float], bool, str]]:
    """Ranks of each talk's target after each line, whether it ever was shown, and who has the word at the end."""
    for number, talk in enumerate(talks):
        ranks, shown, owner = [], False, "assistant"
        for line in talk.lines:
            asked = AssistantRequest(talk_id=f"recorded-{number}", text=line[:1000] or "...", n=SHOWN, language="en")
            answer = assistant(shop, asked, **given)
            shown |= talk.target in [one.product_id for one in answer.products]
            kept = shop.store.talks.get(f"recorded-{number}")
            assert kept is not None
            owner = kept.owner.value
            ids = listed(shop, TalkState.from_json(kept.state))
            ranks.append(float(ids.index(talk.target) + 1) if talk.target in ids else (len(ids) + 1 + products) / 2)
        yield ranks, shown, owner


def of_ranks(ranks: Sequence[Sequence[float]]) -> dict[str, float]:
    every = np.array([rank for row in ranks for rank in row])
    return {
        "mrr": round(float((1 / every).mean()), 4),
        "found@1": round(float((every <= 1).mean()), 4),
        "found@5": round(float((every <= 5).mean()), 4),
    }


def of_dialogues(path: Path, half: str, **given: Any) -> dict[str, Any]:
    """The figures of the recorded talks of a half, or of both."""
    every, catalogue = recorded(path)
    talks = [talk for talk in every if half == "both" or talk.half == half]
    with tempfile.TemporaryDirectory() as folder:
        shop = ShopFolder.open(Path(folder))
        shop.store.products.upsert([Product(id=id_, title=title) for id_, title in catalogue.items()])
        with OpenShop(shop) as opened:
            ours = list(by_assistant(opened, talks, len(catalogue), **given))
    figures = of_ranks([ranks for ranks, _, _ in ours])
    bm25 = of_ranks(list(by_bm25(talks, catalogue)))
    lines = sum(len(talk.lines) for talk in talks)
    return {
        **figures,
        "bm25_mrr": bm25["mrr"],
        "bm25_found@1": bm25["found@1"],
        "bm25_found@5": bm25["found@5"],
        "recorded_found": round(float(np.mean([talk.target in talk.recommended for talk in talks])), 4),
        "shown": round(float(np.mean([shown for _, shown, _ in ours])), 4),
        "handed_over": sum(owner != "assistant" for _, _, owner in ours),
        "dialogues": len(talks),
        "lines": lines,
        "products": len(catalogue),
        "half": half,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dialogues", type=Path, help="recorded talks, .jsonl or .jsonl.gz")
    parser.add_argument("--half", choices=["a", "b", "both"], default="both")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    figures = of_dialogues(asked.dialogues, asked.half)
    if asked.json:
        print(json.dumps(figures))
    else:
        for name, value in figures.items():
            print(f"{name:16} {value}")


if __name__ == "__main__":
    main()
