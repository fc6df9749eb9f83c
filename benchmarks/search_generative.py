"""Generative retrieval for searches, tried: a decoder of semantic ids fed with words, beside the search by words.

    python benchmarks/search_generative.py QUERIES.jsonl --set NAME=FEED [--map NAME=MAPPING] [--epochs 30] [--json]

Idea     A product's semantic id is what residual k-means make of its text's vector; the decoder reads a query (words
         and their three-letter pieces, so that slips are near) and says an id code by code, beams kept to ids that are.
         Queries to learn from are made: some words of a title, category, attributes, a sentence of the description,
         words now and then misspelt or said in another language by the lists.
Sources  Tay et al. 2022 (DSI), https://arxiv.org/abs/2202.06991; Rajput et al. 2023 (TIGER),
         https://arxiv.org/abs/2305.05065; made queries: Zhuang et al. 2022 (DSI-QG), https://arxiv.org/abs/2206.10128.
Blend    `fused`: reciprocal ranks of both (Cormack et al. 2009); `behind`: its hits behind those found by words.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from scipy import sparse
from torch import Tensor, nn

from bottega.catalogue.product import Product
from bottega.languages.fold import tokens
from bottega.languages.lexicon import lexicon
from bottega.models.blocks.quantise import residual_kmeans
from bottega.models.recommend.semantic.trie import Trie
from bottega.models.recommend.semantic.vectors import truncated_svd
from bottega.names import FloatArray
from search_queries import interval, ours, products_of
from watch_search import ndcg

WIDTH, BUCKETS, LEVELS, CODES = 192, 40_000, 3, 48
BATCH, BEAM, HITS = 256, 40, 10
LETTERS = "abcdefghijklmnopqrstuvwxyz"

Codes = tuple[int, ...]


def pieces(text: str) -> list[int]:
    """Words and three-letter pieces of a text as buckets."""
    found = []
    for word in tokens(text):
        marked = f"^{word}$"
        found.append(_bucket(word))
        found += [_bucket(marked[at : at + 3]) for at in range(len(marked) - 2)]
    return found or [0]


def _bucket(piece: str) -> int:
    return 1 + int.from_bytes(piece.encode()[-7:], "little") * 2654435761 % (BUCKETS - 1)


def text_vectors(products: Sequence[Product], rng: np.random.Generator) -> FloatArray:
    """Vectors [I, D] of what products say, by latent semantic analysis."""
    rows, columns, names = [], [], dict[str, int]()
    for row, product in enumerate(products):
        said = [product.title, *product.category, *(v for vs in product.attributes.values() for v in vs)]
        for word in {*tokens(" ".join(said)), *tokens(product.description[:400])}:
            rows.append(row)
            columns.append(names.setdefault(word, len(names)))
    held = sparse.csr_matrix((np.ones(len(rows), np.float32), (rows, columns)), (len(products), len(names)))
    rare = np.log(len(products) / (1 + np.asarray(held.sum(axis=0)).ravel())).clip(0.1).astype(np.float32)
    left, values, _ = truncated_svd(sparse.csr_matrix(held.multiply(rare)), 96, rng)
    vectors = left * values
    unit: FloatArray = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-6)
    return unit


class MadeQueries:
    """Queries that somebody could have asked for a product."""

    def __init__(self, products: Sequence[Product], seed: int) -> None:
        self._products, self._draw = products, random.Random(seed)
        self._elsewhere: dict[str, list[str]] = defaultdict(list)
        for by_language in lexicon().words.values():
            for phrase in by_language.get("en", ()):
                others = [" ".join(one) for code, ones in by_language.items() if code != "en" for one in ones]
                same = [" ".join(one) for one in by_language["en"] if one != phrase]
                self._elsewhere[" ".join(phrase)] += others + same

    def of(self, place: int) -> str:
        draw, product = self._draw, self._products[place]
        facts = [*product.category[-2:], *(v for vs in product.attributes.values() for v in vs if len(v) < 40)]
        if product.description and draw.random() < 0.3:
            said = product.description.split(". ")
            words = tokens(draw.choice(said))[: draw.randint(4, 20)]
        else:
            words = tokens(product.title)
            kept = draw.randint(1, max(len(words), 1))
            words = draw.sample(words, min(kept, len(words))) if draw.random() < 0.5 else words[-kept:]
            words += [word for fact in draw.sample(facts, min(draw.randint(0, 3), len(facts))) for word in tokens(fact)]
        return " ".join(self._changed(word) for word in words)

    def _changed(self, word: str) -> str:
        draw = self._draw
        if draw.random() < 0.25 and (others := self._elsewhere.get(word)):
            return draw.choice(others)
        if draw.random() < 0.08 and len(word) > 3:
            at = draw.randrange(1, len(word) - 1)
            return draw.choice(
                (
                    word[:at] + word[at + 1 :],
                    word[:at] + word[at + 1] + word[at] + word[at + 2 :],
                    word[:at] + draw.choice(LETTERS) + word[at + 1 :],
                )
            )
        return word


class Decoder(nn.Module):
    """Codes of an id, one after the other, given a query and the codes before."""

    def __init__(self, sizes: Sequence[int]) -> None:
        super().__init__()
        self.words = nn.EmbeddingBag(BUCKETS, WIDTH, mode="mean")
        self.read = nn.Sequential(
            nn.Linear(WIDTH, 2 * WIDTH), nn.GELU(), nn.Linear(2 * WIDTH, WIDTH), nn.LayerNorm(WIDTH)
        )
        self.codes = nn.ModuleList(nn.Embedding(size, WIDTH) for size in sizes[:-1])
        self.cell = nn.GRUCell(WIDTH, WIDTH)
        self.heads = nn.ModuleList(nn.Linear(WIDTH, size) for size in sizes)
        self.start = nn.Parameter(torch.zeros(WIDTH))

    def begin(self, batch: Sequence[str]) -> tuple[Tensor, Tensor]:
        bags = [pieces(text) for text in batch]
        starts = np.concatenate([[0], np.cumsum([len(bag) for bag in bags])[:-1]])
        flat = torch.tensor([piece for bag in bags for piece in bag])
        state = self.read(self.words(flat, torch.tensor(starts)))
        return state, self.cell(self.start.expand(len(batch), -1), state)

    def loss(self, batch: Sequence[str], codes_BG: Tensor) -> Tensor:
        _, state = self.begin(batch)
        total = torch.zeros(())
        for level, head in enumerate(self.heads):
            total = total + nn.functional.cross_entropy(head(state), codes_BG[:, level], label_smoothing=0.05)
            if level < len(self.codes):
                state = self.cell(self.codes[level](codes_BG[:, level]), state)
        return total

    @torch.no_grad()
    def find(self, text: str, children: dict[Codes, list[int]], item_of: dict[Codes, int]) -> list[int]:
        """Products by the likeliest ids, a beam at a time, through codes that exist alone."""
        _, state = self.begin([text])
        beams: list[tuple[float, Codes, Tensor]] = [(0.0, (), state[0])]
        for level, head in enumerate(self.heads):
            chances = torch.log_softmax(head(torch.stack([one for *_, one in beams])), dim=1)
            grown = [
                (score + float(chances[row, code]), (*path, code), held)
                for row, (score, path, held) in enumerate(beams)
                for code in children[path]
            ]
            grown.sort(key=lambda one: -one[0])
            beams = grown[:BEAM]
            if level < len(self.codes):
                states = self.cell(
                    self.codes[level](torch.tensor([path[-1] for _, path, _ in beams])),
                    torch.stack([held for *_, held in beams]),
                )
                beams = [(score, path, states[row]) for row, (score, path, _) in enumerate(beams)]
        return [item_of[path] for _, path, _ in beams]


def learnt(products: Sequence[Product], epochs: int, seed: int = 0) -> Callable[[str], list[str]]:
    """A decoder for these products, and what it finds for a text."""
    rng = np.random.default_rng(seed)
    torch.manual_seed(seed)
    vectors = text_vectors(products, rng)
    _, codes = residual_kmeans(vectors, levels=LEVELS, codes=CODES, rng=rng)
    tuples = Trie.of(codes).tuples()
    children: dict[Codes, list[int]] = defaultdict(list)
    item_of: dict[Codes, int] = {}
    for place, path in enumerate(map(tuple, tuples.tolist())):
        item_of[path] = place
        for level in range(len(path)):
            if path[level] not in children[path[:level]]:
                children[path[:level]].append(path[level])
    decoder = Decoder([int(tuples[:, level].max()) + 1 for level in range(tuples.shape[1])])
    made, target = MadeQueries(products, seed), torch.tensor(tuples.astype(np.int64))
    steps = epochs * (len(products) // BATCH)
    optimiser = torch.optim.AdamW(decoder.parameters(), lr=3e-3, weight_decay=0.01)
    course = torch.optim.lr_scheduler.OneCycleLR(optimiser, 3e-3, total_steps=max(steps, 2))
    for _ in range(epochs):
        order = rng.permutation(len(products))
        for at in range(0, len(order) - BATCH + 1, BATCH):
            places = order[at : at + BATCH]
            loss = decoder.loss([made.of(place) for place in places.tolist()], target[places])
            optimiser.zero_grad(set_to_none=True)
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(decoder.parameters(), 1.0)
            optimiser.step()
            course.step()
    decoder.eval()
    return lambda text: [products[place].id for place in decoder.find(text, children, item_of)]


def fused(one: Sequence[str], other: Sequence[str]) -> list[str]:
    ranks: dict[str, float] = defaultdict(float)
    for found in (one, other):
        for rank, id_ in enumerate(found):
            ranks[id_] += 1 / (60 + rank)
    return sorted(ranks, key=lambda id_: -ranks[id_])[:HITS]


def measured(queries: Path, feeds: dict[str, Path], maps: dict[str, str], epochs: int) -> list[dict[str, Any]]:
    asked = [json.loads(line) for line in queries.read_text("utf-8").splitlines()]
    rows = []
    for name, feed in feeds.items():
        products = products_of(feed, maps.get(name))
        started = time.perf_counter()
        generative, by_words = learnt(products, epochs), ours(products, described=True)
        train_s = time.perf_counter() - started
        gains: dict[str, list[tuple[float, ...]]] = defaultdict(list)
        for query in (one for one in asked if one["set"] == name):
            gold, mine = set(query["gold"]), by_words(query["query"])
            said = generative(query["query"])
            behind = [*mine, *(id_ for id_ in said if id_ not in mine)]
            lists = (mine, said[:HITS], fused(mine, said), behind[:HITS])
            gains[query["kind"]].append(tuple(ndcg(found, gold) for found in lists))
        for kind, values in gains.items():
            words, alone, both, after = map(list, zip(*values, strict=True))
            rows.append(
                {"set": name, "kind": kind, "queries": len(values), "train_s": round(train_s)}
                | {"words": round(float(np.mean(words)), 3), "decoder": round(float(np.mean(alone)), 3)}
                | {"fused": round(float(np.mean(both)), 3), "behind": round(float(np.mean(after)), 3)}
                | {"fused_ahead": interval([a - b for a, b in zip(both, words, strict=True)])}
            )
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("queries", type=Path)
    parser.add_argument("--set", action="append", required=True, metavar="NAME=FEED")
    parser.add_argument("--map", action="append", default=[], metavar="NAME=MAPPING")
    parser.add_argument("--epochs", type=int, default=30)
    parser.add_argument("--json", action="store_true", help="one object a line")
    chosen = parser.parse_args()
    torch.set_num_threads(1)
    feeds = {name: Path(feed) for name, feed in (pair.split("=", 1) for pair in chosen.set)}
    maps = dict(pair.split("=", 1) for pair in chosen.map)
    for row in measured(chosen.queries, feeds, maps, chosen.epochs):
        print(json.dumps(row) if chosen.json else "  ".join(f"{name} {value}" for name, value in row.items()))


if __name__ == "__main__":
    main()
