"""Several writers and readers at once: nothing lost, nothing skipped, nobody kept waiting for long."""

from __future__ import annotations

import threading
from collections.abc import Callable
from itertools import pairwise

import pytest

from bottega.catalogue.product import Product
from bottega.errors import StoreUnavailable
from bottega.events.event import Event
from bottega.store.database import take
from bottega.store.store import Store

T = 1_700_000_000_000


def make(event_id: str, shopper: str = "ada") -> Event:
    return Event.model_validate(
        {"event_id": event_id, "shopper_id": shopper, "product_id": "mug", "kind": "view", "time_ms": T}
    )


def together(*jobs: Callable[[], None]) -> None:
    """Run jobs in threads of their own; the first failure is the test's."""
    failures: list[BaseException] = []

    def guarded(job: Callable[[], None]) -> None:
        try:
            job()
        except BaseException as error:  # noqa: BLE001 - raised below
            failures.append(error)

    threads = [threading.Thread(target=guarded, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


def test_a_reader_that_follows_meets_every_event_of_every_writer_once(store_url: str) -> None:
    batches, size = 12, 20
    stores = [Store.open(store_url) for _ in range(4)]
    finished = threading.Event()
    met: list[str] = []

    def write(store: Store, name: str) -> Callable[[], None]:
        def job() -> None:
            for batch in range(batches):
                store.events.add([make(f"{name}-{batch}-{i}", shopper=name) for i in range(size)])

        return job

    def follow() -> None:
        seq = 0
        while True:
            last_round = finished.is_set()
            while rows := stores[3].events.since(seq, 50):
                met.extend(row.event_id for row in rows)
                assert all(after.seq > before.seq for before, after in pairwise(rows))
                seq = rows[-1].seq
            if last_round:
                return

    def write_all() -> None:
        try:
            together(*(write(store, f"w{i}") for i, store in enumerate(stores[:3])))
        finally:
            finished.set()

    together(write_all, follow)
    for store in stores:
        store.close()
    assert len(met) == 3 * batches * size and len(set(met)) == len(met)


def test_a_number_is_seen_only_when_all_before_it_are(store_url: str) -> None:
    """A slow writer takes its numbers first and commits last; the quick one must wait for it."""
    with Store.open(store_url) as slow, Store.open(store_url) as quick:
        took, done = threading.Event(), threading.Event()

        def hurry() -> None:
            took.wait()
            quick.events.add([make("quick")])
            done.set()

        def dawdle() -> None:
            with slow.database.write() as connection:
                first = take(connection, "events", 1)
                took.set()
                assert not done.wait(0.3), "the second writer overtook the first"
                assert first == 0
            done.wait()

        together(dawdle, hurry)
        assert [row.seq for row in quick.events.since(0, 10)] == [2]


def test_readers_go_on_while_a_writer_holds_its_transaction(store_url: str) -> None:
    with Store.open(store_url) as writer, Store.open(store_url) as reader:
        writer.events.add([make("1")])
        writer.products.upsert([Product(id="mug", title="Mug")])
        with writer.database.write() as connection:
            take(connection, "events", 1)
            take(connection, "revisions", 1)
            assert reader.events.count() == 1
            assert len(reader.events.frame()) == 1
            assert next(reader.products.iterate_revised())[0][0].id == "mug"
            assert reader.keys.verify("btg_x") is None


def test_writers_of_the_same_products_and_log_ins_agree(store_url: str) -> None:
    stores = [Store.open(store_url) for _ in range(3)]

    def job(store: Store) -> Callable[[], None]:
        def work() -> None:
            for number in range(10):
                store.products.upsert([Product(id=f"p{i}", title=f"t{number}") for i in range(20)])
                who = {"anonymous_id": "c", "shopper_id": f"s{number}", "kind": "view", "product_id": "p0"}
                store.events.add([Event.model_validate({**who, "event_id": f"e{number}", "time_ms": T + number})])

        return work

    together(*(job(store) for store in stores))
    assert stores[0].products.count() == 20 and stores[0].events.count() == 10
    assert stores[0].events.resolve(None, "c") == "s0"
    for store in stores:
        store.close()


def test_what_fails_in_the_middle_leaves_nothing(store: Store) -> None:
    with pytest.raises(RuntimeError), store.database.write() as connection:
        take(connection, "events", 5)
        raise RuntimeError("power cut")
    store.events.add([make("1")])
    assert store.events.newest_seq() == 1


def test_a_writer_says_who_it_waited_for(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bottega.store.database.BUSY_TIMEOUT_MS", 50)
    url = f"sqlite:///{tmp_path_factory.mktemp('busy') / 'shop.db'}"
    with Store.open(url) as first, Store.open(url) as second, first.database.write() as connection:
        take(connection, "events", 1)
        with pytest.raises(StoreUnavailable, match=r"database is locked. Another import is writing"):
            second.events.add([make("1")])
