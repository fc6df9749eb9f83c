"""Semantic ids: only real products are decoded, their probabilities add up, and newcomers need no training."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace

import numpy as np
import pytest
import torch
from tests.models.recommend.walkers import N_ITEMS, walkers

from bottega.datasets.arrays import Features, Histories
from bottega.errors import SettingsInvalid
from bottega.models.recommend.base import rank
from bottega.models.recommend.last_mile.reasons_left_out import LeftOut
from bottega.models.recommend.semantic.semantic_ids import SemanticIds, SemanticIdsConfig
from bottega.models.recommend.sequence.inputs import Events

FAMILIES = 6
SMALL = SemanticIdsConfig(
    width=32, blocks=1, epochs=12, batch_tokens=256, learning_rate=1e-2, embedding_dropout=0.2, levels=2, vector_size=8
)


def families(n_items: int = N_ITEMS) -> Features:
    """Items 0 to 3 are one family, 4 to 7 the next; those behind the catalogue are of the first."""
    return Features.from_attributes([[f"family={item % N_ITEMS // 4}"] for item in range(n_items)])


def asked(*rows: list[int], n_items: int = N_ITEMS) -> Histories:
    return Histories.from_lists(rows, n_items=n_items)


@pytest.fixture(scope="module")
def walker() -> SemanticIds:
    return SemanticIds(SMALL).fit(walkers(), families(), rng=np.random.default_rng(1))


def test_it_learns_which_item_comes_next(walker: SemanticIds) -> None:
    questions = asked(*[[(item - 1) % N_ITEMS, item] for item in range(N_ITEMS)])
    first = rank(walker, questions, count=1).items[:, 0]
    assert np.mean(first == (np.arange(N_ITEMS) + 1) % N_ITEMS) > 0.9


def test_probabilities_of_all_products_add_up_to_one(walker: SemanticIds) -> None:
    scores = walker.score(asked([0, 1], [5], [7, 20, 3]))
    np.testing.assert_allclose(np.exp(scores).sum(axis=1), 1.0, rtol=1e-5)


def test_a_product_s_probability_is_the_product_of_its_codes_probabilities(walker: SemanticIds) -> None:
    """Worked by hand for one item, down its own path."""
    question, item, expected = asked([3, 4]), 17, 0.0
    with torch.inference_mode():
        state = walker._queries(Events.of(question), question.offsets[:1], question.offsets[1:], walker.vectors_)[0]
        for level, (tree, choice, step) in enumerate(
            zip(walker.trie_.levels, walker.choices_, walker.steps_, strict=True)
        ):
            node = tree.node_of[item]
            siblings = np.flatnonzero(tree.parent == tree.parent[node])
            if len(siblings) > 1:
                logits = step.directions[choice.place[siblings]] @ walker.network_.at_level(state, level)
                expected += float(torch.log_softmax(logits, dim=0)[siblings.tolist().index(node)])
    assert expected < 0
    assert walker.score(question)[0, item] == pytest.approx(expected, abs=1e-4)


def test_every_product_has_an_id_of_its_own(walker: SemanticIds) -> None:
    ids = walker.semantic_ids()
    assert ids.shape == (N_ITEMS, SMALL.levels + 1)
    assert len(np.unique(ids, axis=0)) == N_ITEMS
    np.testing.assert_array_equal(ids[:, :-1], walker.codes_)


@pytest.mark.parametrize("beam", [1, 4, N_ITEMS])
def test_a_beam_gives_the_exact_scores_of_what_it_reaches(walker: SemanticIds, beam: int) -> None:
    questions = asked([0, 1], [5], [7, 20, 3], [])
    exact = walker.score(questions)
    searching = deepcopy(walker)
    searching.config = replace(SMALL, beam=beam)
    found = searching.score(questions)
    reached = np.isfinite(found)
    np.testing.assert_allclose(found[reached], exact[reached], rtol=1e-5, atol=1e-5)
    assert (reached.sum(axis=1) == [beam, beam, beam, 0]).all()
    if beam > 1:
        np.testing.assert_array_equal(found[:3].argmax(axis=1), exact[:3].argmax(axis=1))


def test_newcomers_enter_the_tree_beside_their_likes_and_nobody_else_moves(walker: SemanticIds) -> None:
    model = deepcopy(walker)
    before = model.score(asked([23], [11]))
    model.extend(families(N_ITEMS + 2))
    after = model.score(asked([23], [11], n_items=N_ITEMS + 2))
    np.testing.assert_allclose(after[:, :N_ITEMS], before, rtol=1e-5, atol=1e-5)
    new = after[:, N_ITEMS:]
    assert np.isfinite(new).all() and (new <= 0).all()
    # Item 0 comes after 23 and item 12 after 11; the newcomers are of the family of 0 to 3.
    assert new[0].min() > new[1].max()
    assert len(np.unique(model.semantic_ids(), axis=0)) == N_ITEMS + 2
    alone = deepcopy(walker)
    alone.extend(families(N_ITEMS + 1))
    np.testing.assert_allclose(alone.score(asked([23], n_items=N_ITEMS + 1))[0, N_ITEMS], new[0, 0], rtol=1e-5)
    both = asked([11, 23], n_items=N_ITEMS + 2)
    assert LeftOut(model, both, [N_ITEMS]).evidence(both.items, N_ITEMS)[0].position == 1


def test_a_beam_finds_newcomers_below_the_prefixes_it_keeps(walker: SemanticIds) -> None:
    model = deepcopy(walker)
    model.extend(families(N_ITEMS + 1))
    question = asked([23], n_items=N_ITEMS + 1)
    exact = model.score(question)
    model.config = replace(SMALL, beam=4)
    assert model.score(question)[0, N_ITEMS] == pytest.approx(exact[0, N_ITEMS], abs=1e-5)


@pytest.mark.parametrize("settings", [{"quantiser": "rqvae"}, {"alignment": 0.0}, {"prefix_vectors": False}])
def test_other_settings_learn_the_circle_too(settings: dict[str, object]) -> None:
    config = replace(SMALL, **settings)  # type: ignore[arg-type]
    model = SemanticIds(config).fit(walkers(), families(), rng=np.random.default_rng(1))
    questions = asked(*[[(item - 1) % N_ITEMS, item] for item in range(N_ITEMS)])
    best = rank(model, questions, count=4).items
    target = (np.arange(N_ITEMS) + 1) % N_ITEMS
    assert np.mean((best == target[:, None]).any(axis=1)) > 0.9


def test_without_features_company_alone_makes_the_codes() -> None:
    model = SemanticIds(SMALL).fit(walkers(), Features.empty(N_ITEMS), rng=np.random.default_rng(1))
    assert np.isfinite(model.score(asked([0, 1]))).all()
    assert len(np.unique(model.codes_[:, 0])) > 1
    model.extend(Features.empty(N_ITEMS + 1))
    scores = model.score(asked([0, 1], n_items=N_ITEMS + 1))
    assert np.isneginf(scores[0, N_ITEMS])  # nothing is known of it


def test_an_unknown_quantiser_is_answered_with_the_known_ones() -> None:
    with pytest.raises(SettingsInvalid, match=r"'magic'.*kmeans, rqvae"):
        SemanticIds(replace(SMALL, quantiser="magic")).fit(walkers(), families(), rng=np.random.default_rng(0))
