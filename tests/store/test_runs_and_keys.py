"""Model runs and API keys."""

from __future__ import annotations

from pathlib import Path

import pytest

from bottega.errors import RequestInvalid
from bottega.store.runs import ModelRun
from bottega.store.store import Store


def run(version: str, **fields: object) -> ModelRun:
    given = {
        "name": "blend",
        "room": "recommend",
        "ability": "recommend",
        "trained_at_ms": 1,
        "seconds": 2.5,
        "peak_mb": 300.0,
        "products": 5,
    }
    more = {"ability": "recommend", "events_seen": 2**40, "shoppers": 7, "folder": f"models/recommend/blend/{version}"}
    return ModelRun(**{**given, **more, "version": version, **fields})  # type: ignore[arg-type]


def test_a_run_that_is_written_down_twice_stands_once(store: Store) -> None:
    """A job that was killed between writing it down and saying so does it again."""
    store.runs.add(run("2026-05-02"))
    store.runs.add(run("2026-05-02", seconds=3.0))
    store.runs.add(run("2026-05-02", ability="face", room="studio", name="face"))
    assert [(one.ability, one.seconds) for one in store.runs.all()] == [("recommend", 3.0), ("face", 2.5)]
    store.runs.add(run("2026-05-03"))
    store.runs.add(run("2026-05-02", seconds=4.0))
    assert [one.version for one in store.runs.all() if one.name == "blend"] == ["2026-05-02", "2026-05-03"], "its place"


def test_a_clock_that_was_ahead_holds_no_newer_run_back(store: Store) -> None:
    store.runs.add(run("2099-01-01"))
    store.runs.add(run("2026-05-02"))
    assert [one and one.version for one in store.runs.two_newest("recommend")] == ["2026-05-02", "2099-01-01"]
    assert not store.runs.roll_back("2099-01-01", "recommend"), "it is not the one in use"
    assert store.runs.roll_back("2026-05-02", "recommend")
    undone = store.runs.rolled_back()
    assert undone and undone.version == "2026-05-02", "though its version says that it is older than the one in use"


def test_the_latest_run_is_the_newest_that_is_ready(store: Store) -> None:
    assert store.runs.latest() is None
    good = run("2026-05-02", measures={"ndcg@10": 0.061, "members": ["popular"]})
    broken, other = run("2026-05-03", state="failed"), run("2026-05-04", room="vision", ability="eye")
    for one in (run("2026-05-01"), good, broken, other):
        store.runs.add(one)
    assert store.runs.latest() == good
    assert store.runs.latest("eye") == other and store.runs.latest("outfits") is None
    assert [one.version for one in store.runs.all()] == ["2026-05-01", "2026-05-02", "2026-05-03", "2026-05-04"]


def test_a_key_opens_until_it_is_revoked(store: Store) -> None:
    assert store.keys.count() == 0
    first, second = store.keys.create("shop"), store.keys.create("till 2")
    assert first.startswith("btg_") and first != second and len(first) > 40
    assert store.keys.verify(first) and store.keys.verify(second)
    assert not store.keys.verify("") and not store.keys.verify(first[:-1]) and not store.keys.verify("btg_é")
    assert [one.label for one in store.keys.all()] == ["shop", "till 2"]
    assert store.keys.revoke("shop") and not store.keys.revoke("shop")
    assert not store.keys.verify(first) and store.keys.count() == 1


def test_a_label_is_used_once(store: Store) -> None:
    store.keys.create("shop")
    for label in ("shop", " "):
        with pytest.raises(RequestInvalid, match=r"A key cannot be labelled .* Choose another label"):
            store.keys.create(label)


def test_the_key_itself_is_nowhere_on_disk(tmp_path: Path) -> None:
    with Store.open(f"sqlite:///{tmp_path / 'shop.db'}") as store:
        key = store.keys.create("shop")
        held = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"shop" in held and key[4:].encode() not in held


def test_rolling_back_gives_the_run_before_its_place_back(store: Store) -> None:
    for version in ("1", "2", "3"):
        store.runs.add(run(version, events_until_ms=int(version)))
    store.runs.add(run("4", ability="eye"))
    assert store.runs.rolled_back() is None
    assert not store.runs.roll_back("2", "recommend"), "only what is in use can be taken out of it"
    assert store.runs.roll_back("3", "recommend") and not store.runs.roll_back("3", "recommend")
    used, undone, eye = store.runs.latest(), store.runs.rolled_back(), store.runs.latest("eye")
    assert used and undone and eye and (used.version, undone.version, eye.version) == ("2", "3", "4")
    assert (used.events_until_ms, undone.state, store.runs.rolled_back("eye")) == (2, "rolled_back", None)
    assert store.runs.roll_back("2", "recommend") and store.runs.roll_back("1", "recommend")
    assert store.runs.latest() is None and store.runs.rolled_back() == undone
    store.runs.add(run("5"))
    assert store.runs.rolled_back() is None, "what came after it has taken its place"
