"""Judges complements and substitutes against lists that a real shop showed; page: relations.md.

    python benchmarks/relations.py [--data FOLDER] [--items odd] [--json]

FOLDER holds `train.csv.gz` (user_id, item_id, time in seconds) and `item_meta.csv.gz` (item_id, i_category,
r_complement, r_substitute), tab-separated. The lists are never learnt from: relations come from the events alone. Every
item with a list asks for it: AUC is the probability that a product on the list scores above one that is not; recall@10
the share of the list in the first ten (of ten at most). Ties count half in AUC and are broken at random for recall.
Settings were chosen on the items with even codes; the figures of the page are those of the odd ones.
"""

from __future__ import annotations

import argparse
import ast
import json
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import sparse

from bottega.datasets.arrays import Histories
from bottega.evaluation.intervals import difference, intervals
from bottega.models.recommend.purchases.relations import Relations, walks_of
from bottega.names import DAY_MS, IntArray
from common import machine
from time_split import FOLDER, read_grocery

Scores = Callable[[IntArray], NDArray[np.float64]]
"""Rows [Q, I] of how strongly each item asks for every other."""
LISTS = {"complements": "r_complement", "substitutes": "r_substitute"}
K = 10
_BATCH = 256


def read_lists(folder: Path, column: str) -> sparse.csr_matrix:
    """What the shop listed beside each item [I, I], of 0 and 1; products outside the catalogue are left out."""
    meta = pl.read_csv(folder / "item_meta.csv.gz", separator="\t")
    code = {item: i for i, item in enumerate(sorted(meta["item_id"].to_list()))}
    pairs = {
        (code[item], code[other])
        for item, listed in zip(meta["item_id"].to_list(), meta[column].to_list(), strict=True)
        for other in ast.literal_eval(listed)
        if other in code and other != item
    }
    rows, columns = np.array(sorted(pairs), dtype=np.int64).T
    return sparse.csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(len(code), len(code)))


def together(groups: NDArray[np.int64], items: IntArray, n_items: int) -> sparse.csr_matrix:
    """In how many groups (shoppers or orders) two items stand together [I, I]."""
    table = sparse.csr_matrix((np.ones(len(items)), (groups, items)), shape=(int(groups.max()) + 1, n_items))
    table.data[:] = 1.0
    counts = (table.T @ table).tocsr()
    counts.setdiag(0)
    counts.eliminate_zeros()
    return counts


def plain(histories: Histories) -> dict[str, Scores]:
    """Co-occurrence by shopper and by order (one day), and cosine."""
    shoppers = together(histories.shoppers, histories.items, histories.n_items)
    _, orders = np.unique(histories.shoppers * 100_000 + histories.times // DAY_MS, return_inverse=True)
    orders_table = together(orders, histories.items, histories.n_items)
    size = np.sqrt(np.maximum(np.bincount(histories.items, minlength=histories.n_items), 1))
    return {
        "co-occurrence (shopper)": lambda rows: shoppers[rows].toarray(),
        "co-occurrence (order)": lambda rows: orders_table[rows].toarray(),
        "cosine (shopper)": lambda rows: shoppers[rows].toarray() / size[rows][:, None] / size,
    }


def judge_rows(score: Scores, lists: sparse.csr_matrix, asked: IntArray) -> dict[str, NDArray[np.float64]]:
    """AUC and recall@10 of each item asked [Q]."""
    rng, auc, recall = np.random.default_rng(0), [], []
    for start in range(0, len(asked), _BATCH):
        rows = asked[start : start + _BATCH]
        scores = np.asarray(score(rows), dtype=np.float64)
        for item, values in zip(rows.tolist(), scores, strict=True):
            listed = lists.indices[lists.indptr[item] : lists.indptr[item + 1]]
            other = np.ones(len(values), dtype=np.bool_)
            other[listed] = other[item] = False
            rest = np.sort(values[other])
            below = np.searchsorted(rest, values[listed]) + np.searchsorted(rest, values[listed], side="right")
            auc.append(float(below.mean()) / 2 / len(rest))
            values[item] = -np.inf
            best = np.lexsort((rng.random(len(values)), -values))[:K]
            recall.append(float(np.isin(best, listed).sum()) / min(K, len(listed)))
    return {"auc": np.array(auc), f"recall@{K}": np.array(recall)}


def told_apart(complement: Scores, substitute: Scores, folder: Path, parity: int) -> float:
    """AUC of complement minus substitute (as ranks among all items) over pairs that are on one of the lists only."""
    first, second = (read_lists(folder, column) for column in LISTS.values())
    only = {1: (first - first.multiply(second)).tocsr(), 0: (second - first.multiply(second)).tocsr()}
    values: dict[int, list[NDArray[np.float64]]] = {0: [], 1: []}
    asked = np.arange(parity, first.shape[0], 8, dtype=np.int32)
    for start in range(0, len(asked), _BATCH):
        rows = asked[start : start + _BATCH]
        ranks = [np.argsort(np.argsort(score(rows), axis=1), axis=1) for score in (complement, substitute)]
        for kind, table in only.items():
            table.eliminate_zeros()
            part = table[rows].tocoo()
            values[kind].append((ranks[0] - ranks[1])[part.row, part.col].astype(np.float64))
    yes, no = np.concatenate(values[1]), np.sort(np.concatenate(values[0]))
    below = np.searchsorted(no, yes) + np.searchsorted(no, yes, side="right")
    return float(below.mean()) / 2 / len(no)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, default=FOLDER)
    parser.add_argument("--items", choices=["even", "odd"], default="odd", help="codes of the items that ask")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    histories, features = read_grocery(asked.data)
    parity = ["even", "odd"].index(asked.items)
    started = time.process_time()
    relations = Relations.fit(histories, features)
    seconds = time.process_time() - started
    complements, substitutes = walks_of(histories, features)
    learnt: dict[str, dict[str, Scores]] = {
        "complements": {
            "relations": lambda rows: complements.rows(rows).toarray(),
            "relations, as kept": lambda rows: relations.complements[rows].toarray(),
        },
        "substitutes": {
            "relations": lambda rows: substitutes.rows(rows).toarray(),
            "relations, as kept": lambda rows: relations.substitutes[rows].toarray(),
        },
    }
    known = plain(histories)
    lines = []
    for kind, column in LISTS.items():
        lists = read_lists(asked.data, column)
        rows = np.flatnonzero(np.diff(lists.indptr) > 0).astype(np.int32)
        rows = rows[rows % 2 == parity]
        found = {name: judge_rows(score, lists, rows) for name, score in (known | learnt[kind]).items()}
        for name, values in found.items():
            line = {"lists": kind, "scores": name, "items": len(rows)}
            for measure, each in intervals(values, np.random.default_rng(0)).items():
                gap = difference(found["relations"][measure], values[measure], np.random.default_rng(0))
                line |= {measure: each.mean, f"{measure}_low": each.low, f"{measure}_high": each.high}
                line |= {f"{measure}_gain": gap.mean, f"{measure}_gain_low": gap.low, f"{measure}_gain_high": gap.high}
            lines.append(line)
    apart = told_apart(learnt["complements"]["relations"], learnt["substitutes"]["relations"], asked.data, parity)
    if asked.json:
        for line in lines:
            print(json.dumps(line))
        return
    print(f"{machine()}; items with {asked.items} codes; relations learnt in {seconds:.1f} s of one core\n")
    print("| lists | scores | AUC | recall@10 | relations ahead by (AUC) | (recall@10) |\n|---|---|---|---|---|---|")
    for line in lines:
        cells = [f"{line[m]:.4f} ({line[f'{m}_low']:.4f}-{line[f'{m}_high']:.4f})" for m in ("auc", f"recall@{K}")]
        gains = [
            f"{line[f'{m}_gain']:.4f} ({line[f'{m}_gain_low']:.4f} to {line[f'{m}_gain_high']:.4f})"
            for m in ("auc", f"recall@{K}")
        ]
        print(f"| {line['lists']} | {line['scores']} | {' | '.join(cells + gains)} |")
    print(f"\nPairs on one list only, told apart by complement minus substitute: AUC {apart:.3f} (chance 0.5)")


if __name__ == "__main__":
    main()
