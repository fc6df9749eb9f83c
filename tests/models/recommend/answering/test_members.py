"""A packed member says what the recommender says that it was packed from, and finds what that one ranks first."""

from __future__ import annotations

import copy
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bottega.datasets.arrays import Features, Histories, Holdout
from bottega.models.recommend.answering.left_out import evidence_of_scores, left_out, scores_without
from bottega.models.recommend.answering.member import Asked, Desks, Member
from bottega.models.recommend.answering.members import member_of
from bottega.models.recommend.answering.mixture import Mixture
from bottega.models.recommend.base import Explains, Recommender
from bottega.models.recommend.blend.blend import Blend, BlendConfig
from bottega.models.recommend.last_mile.reasons_left_out import LeftOut, evidence_of_losses, losses
from bottega.names import FloatArray, KindCode

N_ITEMS = 300
NEWER = 12
"""Items that come after training."""
MEMBERS: Mapping[str, Mapping[str, Any]] = {
    "variational": {"epochs": 1, "width": 16, "small_items": 0},
    "transitions": {},
    "content": {},
    "content_last": {"model": "content", "last_events": 1},
    "item_neighbours": {},
    "linear_autoencoder": {},
    "shopper_neighbours": {},
    "affinity": {"most_steps": 20, "width": 16},
    "adversarial": {"epochs": 1},
    "popular": {},
}


def shop(n_items: int = N_ITEMS) -> Features:
    """The first items of a catalogue whose columns stay, however many are there already."""
    named = [
        [f"kind={item % 5}", f"colour={item * 7 % 11}", f"brand={item * 3 % 17}", f"code={item // 3}"]
        for item in range(N_ITEMS + NEWER)
    ]
    whole = Features.from_attributes(named)
    return replace(
        whole,
        attributes=whole.attributes[:n_items],
        text=whole.text[:n_items],
        prices=whole.prices[:n_items],
        categories=whole.categories[:n_items],
    )


def histories(shoppers: int, seed: int, n_items: int = N_ITEMS, longest: int = 30) -> Histories:
    rng = np.random.default_rng(seed)
    items, kinds, times = [], [], []
    liked = (
        KindCode.VIEW,
        KindCode.VIEW,
        KindCode.ADD_TO_CART,
        KindCode.PURCHASE,
        KindCode.WISHLIST,
        KindCode.RATE,
        KindCode.TRY_ON,
    )
    for _ in range(shoppers):
        size = int(rng.integers(2, longest))
        row = [int(rng.integers(n_items))]
        while len(row) < size:
            step = (row[-1] + int(rng.integers(0, 4))) % n_items
            row.append(step if rng.random() < 0.8 else int(rng.integers(n_items)))
        items.append(row)
        kinds.append([int(liked[int(rng.integers(len(liked)))]) for _ in row])
        times.append(np.cumsum(rng.integers(0, 10**8, size)).tolist())
    return Histories.from_lists(items, n_items=n_items, kinds=kinds, times=times)


@pytest.fixture(scope="module")
def blend() -> Blend:
    whole = histories(500, seed=0)
    holdout = Holdout(whole.without_last().take(slice(0, 200)), whole.items[whole.offsets[1:] - 1][:200])
    config = BlendConfig(members={name: dict(settings) for name, settings in MEMBERS.items()})
    return Blend(config).fit(whole.without_last(), shop(), rng=np.random.default_rng(0), holdout=holdout)


def said(member: Member, asked: Asked, desks: Desks, n_items: int) -> FloatArray:
    items = np.arange(n_items, dtype=np.int32)
    into = np.empty(n_items, np.float32)
    with desks.desk(n_items) as desk:
        voice = member.speak(asked, member.hear(asked), desk)
        voice.scores(items, into)
        voice.close(desk)
    return into


def close(model: Recommender, member: Member, rows: Histories, desks: Desks) -> None:
    """Raw scores agree, -inf for -inf; a fading member need not hear what counts less than a millionth."""
    for row in range(len(rows)):
        history = rows.take([row])
        wanted = model.score(history)[0]
        found = said(member, Asked.of(history), desks, rows.n_items)
        scale = max(1e-6, float(np.abs(wanted[np.isfinite(wanted)]).max(initial=0.0)))
        floor = (
            min(0.0, float(wanted[np.isfinite(wanted)].min(initial=0.0))) - 1.0
            if model.abilities.scale == "logits"
            else 0.0
        )
        wanted, found = (np.where(np.isfinite(one), one, floor) for one in (wanted, found))
        np.testing.assert_allclose(found / scale, wanted / scale, atol=3e-5, err_msg=model.name)


@pytest.mark.parametrize("label", [*MEMBERS, "blend"])
@pytest.mark.parametrize("newer", [0, NEWER])
def test_scores_agree(blend: Blend, label: str, newer: int) -> None:
    n_items = N_ITEMS + newer
    grown = copy.deepcopy(blend)
    packed = member_of(blend, n_items)
    assert isinstance(packed, Mixture)
    if newer:
        grown.extend(shop(n_items))
        if label in ("blend", "adversarial"):  # a member that cannot be packed is extended by its holder
            packed = member_of(grown, n_items)
        packed = packed.extended(shop(n_items))
        assert isinstance(packed, Mixture)
    model, member = (grown, packed) if label == "blend" else (grown.members_[label], packed.members[label])
    asked = [
        histories(25, seed=1, n_items=n_items, longest=80),
        Histories.from_lists([[], [3], [3, 3, 3]], n_items=n_items),
    ]
    if newer:
        asked.append(Histories.from_lists([[N_ITEMS + 1], [N_ITEMS + 1, 5], [7, N_ITEMS + 2]], n_items=n_items))
    desks = Desks()
    for rows in asked:
        close(model, member, rows, desks)


@pytest.mark.parametrize("label", ["variational", "content", "affinity"])
def test_an_older_snapshot_does_not_see_what_came_later(blend: Blend, label: str) -> None:
    packed = member_of(blend, N_ITEMS)
    assert isinstance(packed, Mixture)
    old, asked = packed.members[label], Asked.of(histories(1, seed=4))
    before = said(old, asked, Desks(), N_ITEMS)
    new = old.extended(shop(N_ITEMS + NEWER))
    np.testing.assert_array_equal(said(old, asked, Desks(), N_ITEMS), before)
    assert not np.isfinite(said(old, asked, Desks(), N_ITEMS + NEWER)[N_ITEMS:]).any()
    assert np.isfinite(said(new, asked, Desks(), N_ITEMS + NEWER)[N_ITEMS:]).any()


@pytest.mark.parametrize("label", [name for name in MEMBERS if name != "popular"])
def test_a_members_best_are_found(blend: Blend, label: str) -> None:
    packed = member_of(blend, N_ITEMS)
    assert isinstance(packed, Mixture)
    member, desks = packed.members[label], Desks()
    allowed = np.ones(N_ITEMS, dtype=np.bool_)
    allowed[::7] = False
    shut = np.array([1, 2, 3], dtype=np.int32)
    recalls = []
    for row in range(20):
        history = histories(20, seed=2).take([row])
        asked = Asked.of(history)
        with desks.desk(N_ITEMS) as desk:
            voice = member.speak(asked, member.hear(asked), desk)
            found = desk.found(allowed, 40)
            found.shut(shut)
            voice.find(found)
            voice.close(desk)
        assert len(found.items) == len(set(found.items.tolist()))
        assert allowed[found.items].all() and not np.isin(found.items, shut).any()
        scores = blend.members_[label].score(history)[0]
        scores[~allowed] = scores[shut] = -np.inf
        best = np.argsort(-scores, kind="stable")[:20]
        recalls.append(np.isin(best[np.isfinite(scores[best])], found.items).mean())
    # the affinity looks at the values lifted most, one by one, and not at all items
    assert np.mean(recalls) >= (0.5 if label == "affinity" else 0.9)


@pytest.mark.parametrize("label", ["content", "content_last", "variational"])
def test_under_a_narrow_filter_all_that_is_like_is_found(blend: Blend, label: str) -> None:
    packed = member_of(blend, N_ITEMS)
    assert isinstance(packed, Mixture)
    member, desks = packed.members[label], Desks()
    allowed = np.zeros(N_ITEMS, dtype=np.bool_)
    allowed[5::23] = True  # hardly one of them is among the nearest of what was seen
    for row in range(10):
        history = histories(10, seed=7).take([row])
        asked = Asked.of(history)
        with desks.desk(N_ITEMS) as desk:
            voice = member.speak(asked, member.hear(asked), desk)
            found = desk.found(allowed, 200)
            voice.find(found)
            voice.close(desk)
        scores = blend.members_[label].score(history)[0]
        like = np.flatnonzero(allowed & np.isfinite(scores) & (scores > 0.3 * scores[allowed].max()))
        # what is hardly like at all is nothing in eight bits
        assert len(like) and np.isin(like, found.items).all()


@pytest.mark.parametrize("label", [name for name in MEMBERS if name not in ("popular",)])
def test_evidence_agrees(blend: Blend, label: str) -> None:
    packed = member_of(blend, N_ITEMS)
    assert isinstance(packed, Mixture)
    model, member, desks = blend.members_[label], packed.members[label], Desks()
    told = 0
    for row in range(15):
        history = histories(15, seed=3, longest=40).take([row])
        asked = Asked.of(history)
        items = np.argsort(-model.score(history)[0], kind="stable")[:10].astype(np.int32)
        witness = model if isinstance(model, Explains) else LeftOut(model, history, items.tolist())
        with desks.desk(N_ITEMS) as desk:
            voice = member.speak(asked, member.hear(asked), desk)
            found = voice.evidence(items)
            voice.close(desk)
        for item, have in zip(items.tolist(), found, strict=True):
            want = witness.evidence(history.items, item)
            heard = 1e-4 * max((e.weight for e in want), default=0.0)
            want, have = ([e for e in one if e.weight >= heard] for one in (want, have))
            told += len(want)
            np.testing.assert_allclose([e.weight for e in have], [e.weight for e in want], rtol=2e-3, atol=2e-5)
            weights = [e.weight for e in want]
            if len(set(np.round(weights, 5))) == len(weights):  # equal ones may change places
                assert [(e.position, sorted(e.attributes)) for e in have] == [
                    (e.position, sorted(e.attributes)) for e in want
                ]
    assert told


@pytest.mark.parametrize("label", ["affinity", "variational"])
@pytest.mark.parametrize("newer", [0, NEWER])
def test_all_histories_without_a_product_at_once_say_what_each_says_alone(blend: Blend, label: str, newer: int) -> None:
    n_items = N_ITEMS + newer
    packed = member_of(blend, N_ITEMS).extended(shop(n_items))
    assert isinstance(packed, Mixture)
    member, desks = packed.members[label], Desks()
    items = np.arange(0, n_items, 7, dtype=np.int32)
    rows = [histories(12, seed=5, n_items=n_items, longest=40).take([row]) for row in range(12)]
    rows.append(Histories.from_lists([[4, 4, 4]], n_items=n_items))  # without it there is nobody
    rows.append(Histories.from_lists([[N_ITEMS + NEWER - 1, 9, N_ITEMS + NEWER - 1]], n_items=N_ITEMS + NEWER))
    told = 0
    for asked in map(Asked.of, rows):
        with desks.desk(N_ITEMS + NEWER) as desk:
            alone = left_out(asked, items, lambda row, at: scores_without(member, row, at, items, desk))
            heard = member.hear(asked)
            for _ in range(2):  # kept from the first time on
                voice = member.speak(asked, heard, desk)
                for some in items[:5], items:
                    found = voice.evidence(some)
                    for have, want in zip(found, alone, strict=False):
                        np.testing.assert_allclose([e.weight for e in have], [e.weight for e in want], rtol=1e-3)
                        assert [e.position for e in have] == [e.position for e in want]
                        told += len(have)
                voice.close(desk)
    assert told > 100


@pytest.mark.parametrize("seed", range(5))
def test_the_strongest_losses_are_found_as_by_sorting_them(seed: int) -> None:
    rng = np.random.default_rng(seed)
    scores = rng.integers(-4, 5, (7, 200)).astype(np.float32)  # of which many are equal
    scores[rng.random(scores.shape) < 0.2] = -np.inf
    positions = rng.permutation(40)[:6].astype(np.int32)
    for some in scores, scores[:2], scores[:1]:
        at = positions[: len(some) - 1]
        assert evidence_of_scores(at, some) == evidence_of_losses(at, losses(some))


def test_a_desk_is_clean_after_every_answer(blend: Blend) -> None:
    member, desks = member_of(blend, N_ITEMS), Desks()
    rows = histories(4, seed=6)
    first = [said(member, Asked.of(rows.take([row])), desks, N_ITEMS) for row in range(4)]
    again = [said(member, Asked.of(rows.take([row])), desks, N_ITEMS) for row in reversed(range(4))]
    np.testing.assert_array_equal(np.stack(first), np.stack(again[::-1]))
    assert len(desks.free) == 1


def test_kernels_run_as_plain_python(tmp_path: Path) -> None:
    """The same agreement, on a small case, with nothing compiled."""
    script = """
import numpy as np, numba, sys
sys.path.insert(0, sys.argv[1])
assert numba.config.DISABLE_JIT
import tests.models.recommend.answering.test_members as t
from bottega.models.recommend.answering.member import Asked, Desks
from bottega.models.recommend.answering.members import member_of
from bottega.models.recommend.blend.blend import Blend, BlendConfig
names = ("variational", "transitions", "content", "affinity", "shopper_neighbours", "popular")
whole = t.histories(40, seed=0, n_items=40, longest=8)
config = BlendConfig(members={name: dict(t.MEMBERS[name]) for name in names})
blend = Blend(config).fit(whole, t.shop(40), rng=np.random.default_rng(0))
member, desks = member_of(blend, 40), Desks()
t.close(blend, member, t.histories(2, seed=1, n_items=40, longest=8), desks)
asked = Asked.of(whole.take([0]))
with desks.desk(40) as desk:
    voice = member.speak(asked, member.hear(asked), desk)
    found = desk.found(np.ones(40, dtype=np.bool_), 10)
    voice.find(found)
    items = found.items.copy()
    assert len(items) >= 10
    assert any(one for v in voice.voices.values() for one in v.evidence(items[:3]))
    voice.close(desk)
"""
    path = tmp_path / "plain.py"
    path.write_text(script)
    root = Path(__file__).parents[4]
    env = os.environ | {"NUMBA_DISABLE_JIT": "1"}
    subprocess.run([sys.executable, str(path), str(root)], check=True, env=env, timeout=300)
