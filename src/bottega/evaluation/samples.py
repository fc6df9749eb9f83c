"""Smaller worlds out of a split: some of the shoppers, some of the products, everything else as it was."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy import sparse

from bottega.datasets.arrays import Features, Histories, Holdout
from bottega.datasets.splits import Split
from bottega.names import BoolArray, IntArray, LongArray

__all__ = ["only_items", "only_shoppers"]


def only_shoppers(split: Split, shoppers: LongArray) -> Split:
    """What these rows of `split.train` did and are asked; products keep their codes."""
    shoppers = np.sort(shoppers)
    chosen = np.zeros(len(split.train), dtype=np.bool_)
    chosen[shoppers] = True

    def asked(questions: Holdout, rows: LongArray) -> tuple[Holdout, LongArray]:
        places = np.flatnonzero(chosen[rows])
        kept = Holdout(questions.inputs.take(places), questions.targets[places])
        return kept, np.searchsorted(shoppers, rows[places])

    holdout, holdout_shoppers = asked(split.holdout, split.holdout_shoppers)
    test, test_shoppers = asked(split.test, split.test_shoppers)
    return replace(
        split,
        train=split.train.take(shoppers),
        holdout=holdout,
        test=test,
        holdout_shoppers=holdout_shoppers,
        test_shoppers=test_shoppers,
    )


def only_items(split: Split, features: Features, items: IntArray) -> tuple[Split, Features]:
    """A catalogue of these products alone, coded in their order; events on others and questions about them go."""
    code = np.full(split.train.n_items, -1, dtype=np.int32)
    code[items] = np.arange(len(items), dtype=np.int32)

    def recoded(histories: Histories) -> Histories:
        left = histories.keep(code[histories.items] >= 0)
        return replace(left, items=code[left.items], n_items=len(items))

    def asked(questions: Holdout) -> tuple[Holdout, BoolArray]:
        known = code[questions.targets] >= 0
        inputs = recoded(questions.inputs.take(np.flatnonzero(known)))
        return Holdout(inputs, code[questions.targets[known]]), known

    holdout, holdout_known = asked(split.holdout)
    test, test_known = asked(split.test)
    smaller = replace(
        split,
        train=recoded(split.train),
        holdout=holdout,
        test=test,
        holdout_shoppers=split.holdout_shoppers[holdout_known],
        test_shoppers=split.test_shoppers[test_known],
    )
    return smaller, replace(
        features,
        attributes=sparse.csr_matrix(features.attributes[items]),
        text=sparse.csr_matrix(features.text[items]),
        prices=features.prices[items],
        categories=features.categories[items],
        vectors=None if features.vectors is None else features.vectors[items],
    )
