"""An open shop owns what it holds: nobody waits for a look, nothing is of another shop, nothing is kept too long."""

from __future__ import annotations

import gc
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from sqlalchemy import event as sql_event

from bottega.actions.recommend.recommend import recommend
from bottega.actions.recommend.shapes import RecommendationRequest, TrainRequest
from bottega.actions.recommend.train import train
from bottega.actions.search.shapes import SearchRequest
from bottega.actions.search.words import search_text
from bottega.catalogue.product import Product
from bottega.datasets.features import FeatureSpace
from bottega.datasets.photos.reading import Photo
from bottega.events.event import Event
from bottega.models.vision.eye.eye import Eye
from bottega.models.vision.eye.looks import Looks
from bottega.names import EventKind
from bottega.progress import Progress, silent
from bottega.shop.open_shop import OpenShop
from bottega.shop.search.index import SearchIndex
from bottega.shop.trained.models_in_use import RECOMMEND
from bottega.shop.trained.runs import keep_run
from bottega.shop.trained.shipped_models import ShippedModels
from bottega.shop.trained.trained_shop import TrainedShop
from bottega.store.store import Store
from bottega.store.vectors import PhotoKey, Stamp

WAIT_S = 30.0
"""What would be waited for until then is waited for for ever."""
LOG_INS = {"session_id": "tab", "anonymous_id": "cookie"}
Learnt = Callable[[Sequence[Product], FeatureSpace], TrainedShop]


def view(product: str, time_ms: int, kind: EventKind = EventKind.VIEW, **who: str) -> Event:
    return Event.model_validate(
        {"product_id": product, "kind": kind, "time_ms": time_ms, **(who or {"shopper_id": "ann"})}
    )


class WaitingEye(Eye):
    """Looks only when it is let; then sees the mean colour."""

    looking: threading.Event
    let: threading.Event

    @classmethod
    def made(cls) -> WaitingEye:
        plain = Eye.fresh({"color": ("red", "blue")}, (), rng=np.random.default_rng(0))
        eye = cls(plain.config, plain.network)
        eye.looking, eye.let = threading.Event(), threading.Event()
        return eye

    def look(self, photos: Sequence[Photo], *, progress: Progress = silent) -> Looks:
        self.looking.set()
        assert self.let.wait(WAIT_S)
        rows = np.zeros((len(photos), self.size), dtype=np.float32)
        rows[:, :3] = [photo.mean(axis=(0, 1)) + 1 for photo in photos]
        return Looks(rows / np.linalg.norm(rows, axis=1, keepdims=True), {}, np.zeros((len(photos), 0), np.float32))


@contextmanager
def pictured(folder: Path, eye: Eye) -> Iterator[OpenShop]:
    """A shop of five lamps with a picture each, seen by an eye of its own."""
    images = folder / "images"
    images.mkdir(parents=True)
    shipped = ShippedModels()
    with ExitStack() as stack:
        stack.enter_context(shipped.standing_in(eye=eye, words=None))
        shop = stack.enter_context(OpenShop.open(folder, shipped=shipped))
        products = []
        for number in range(5):
            Image.new("RGB", (32, 32), (40 * number, 90, 200 - 40 * number)).save(images / f"{number}.png")
            products.append(
                Product(
                    id=f"{folder.name}-{number}", title=f"Lamp {number}", images=(f"{number}.png",), category=("Lamps",)
                )
            )
        shop.upsert(products)
        yield shop


def listed(shop: OpenShop, **who: str) -> list[str]:
    answer = recommend(shop, RecommendationRequest.model_validate({"n": 3, **who}))
    return [item.item_id for item in answer.items]


def soon(work: Callable[[], object]) -> object:
    """What it gives, in a thread of its own; fails where it waits for something."""
    found: list[object] = []
    thread = threading.Thread(target=lambda: found.append(work()), daemon=True)
    thread.start()
    thread.join(WAIT_S / 3)
    assert found, "it waits"
    return found[0]


@contextmanager
def counted(store: Store) -> Iterator[list[str]]:
    """The statements that the store's database is given."""
    statements: list[str] = []

    def note(connection: object, cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    sql_event.listen(store.database.engine, "before_cursor_execute", note)
    yield statements
    sql_event.remove(store.database.engine, "before_cursor_execute", note)


def test_opening_loads_nothing(tmp_path: Path) -> None:
    with OpenShop.open(tmp_path) as shop:
        shop.upsert([Product(id="a", title="A")])
        shop.record([view("a", 1)])
        assert shop._floor is None and shop._recent.made is None
        assert shop.health().products == 1 and listed(shop) == ["a"]


def test_health_counts_what_another_process_of_the_machine_just_wrote(tmp_path: Path) -> None:
    with OpenShop.open(tmp_path) as one, OpenShop.open(tmp_path) as two:
        one.upsert([Product(id="a", title="A"), Product(id="b", title="B")])
        assert (two.health().products, two.health().recommendable_items) == (2, 2)
        one.upsert([Product(id="b", title="B", hidden=True)])
        assert (two.health().products, two.health().recommendable_items) == (2, 1)


def test_fifty_anonymous_events_cost_the_store_alone(shop: OpenShop) -> None:
    shop.warm()
    batch = [view("abc"[number % 3], number, anonymous_id=f"cookie-{number}") for number in range(50)]
    with counted(shop.store) as alone:
        shop.store.events.add(batch)
    later = [one.model_copy(update={"event_id": f"again-{number}"}) for number, one in enumerate(batch)]
    with counted(shop.store) as told:
        shop.record(later)
    assert len(told) == len(alone) and len(alone) <= 6
    for number in (0, 17, 49):
        with shop.floor() as floor:
            assert floor.past(f"cookie-{number}").history.n_events == 1, "runs on one product are one"


def test_nobody_waits_while_the_eye_looks(tmp_path: Path) -> None:
    eye = WaitingEye.made()
    with pictured(tmp_path / "shop", eye) as shop:
        shop.warm()
        searching = threading.Thread(target=lambda: search_text(shop, SearchRequest(text="lamp")), daemon=True)
        searching.start()
        assert eye.looking.wait(WAIT_S)
        assert len(soon(lambda: listed(shop))) == 3  # type: ignore[arg-type]  # a list
        soon(lambda: shop.record([view("shop-1", 5)]))
        assert soon(lambda: listed(shop, user_id="ann")) and "shop-1" not in listed(shop, user_id="ann")
        soon(lambda: shop.upsert([Product(id="new", title="A new lamp")]))
        assert shop.health().products == 6
        soon(shop.refresh)
        assert searching.is_alive(), "the eye has not looked yet"
        eye.let.set()
        searching.join(WAIT_S)
        assert not searching.is_alive()
        assert [hit.item_id for hit in search_text(shop, SearchRequest(text="new lamp", n=1)).items] == ["new"]
        assert shop.search_index().waiting == 0 and len(shop.search_index().photos) == 5


def test_answers_do_not_wait_for_writers(shop: OpenShop) -> None:
    shop.record([view("a", 1)])
    listed(shop, user_id="ann")
    with shop._turn:  # somebody takes in a whole catalogue
        assert soon(lambda: listed(shop, user_id="ann"))
        soon(lambda: shop.record([view("b", 2)]))
        assert soon(lambda: shop.profile("ann")) == "ann"


def test_two_shops_do_not_know_of_each_other(tmp_path: Path) -> None:
    ready, slow = WaitingEye.made(), WaitingEye.made()
    ready.let.set()
    with pictured(tmp_path / "one", ready) as one:
        one.record([view(f"one-{number % 5}", number, shopper_id=f"s{number % 7}") for number in range(40)])
        before = listed(one, user_id="s1"), search_text(one, SearchRequest(text="lamp")).model_dump(exclude={"took_ms"})
        with pictured(tmp_path / "two", slow) as two:
            looking = threading.Thread(target=lambda: two.search_index(look_at_all=True), daemon=True)
            looking.start()
            assert slow.looking.wait(WAIT_S)
            two.record([view(f"two-{number % 5}", number, shopper_id=f"s{number % 7}") for number in range(150)])
            training = threading.Thread(target=lambda: train(two, TrainRequest(model="transitions")), daemon=True)
            training.start()
            for _ in range(5):
                found = soon(lambda: search_text(one, SearchRequest(text="lamp")).model_dump(exclude={"took_ms"}))
                assert (listed(one, user_id="s1"), found) == before
            training.join(WAIT_S)
            assert two.refresh() and two.health().model.name == "transitions"
            assert not one.refresh() and one.health().model.name == "untrained"
            assert looking.is_alive() and len(one.search_index().photos) == 5
            slow.let.set()
            looking.join(WAIT_S)
            assert all(name.startswith("two-") for name in listed(two, user_id="s1"))
            assert len(two.search_index().photos) == 5 and one.search_index() is not two.search_index()
        assert (listed(one, user_id="s1"), len(one.search_index().photos)) == (before[0], 5)


def kept(shop: OpenShop, trained: TrainedShop) -> None:
    """Record a training."""
    folder = shop.folder.models / RECOMMEND / "popular"
    keep_run(
        shop.folder,
        trained.save,
        room=RECOMMEND,
        ability=RECOMMEND,
        name="popular",
        folder=folder,
        started=time.monotonic(),
        seed=0,
        products=3,
    )


def test_a_replaced_model_is_let_go_at_once(tmp_path: Path, learnt: Learnt) -> None:
    eye = WaitingEye.made()
    eye.let.set()
    with pictured(tmp_path / "shop", eye) as shop:
        products = shop.store.products.all()
        space = FeatureSpace.learn([[product] for product in products])
        kept(shop, learnt(products, space))
        search_text(shop, SearchRequest(text="lamp"))
        with shop.floor() as floor:
            old = weakref.ref(floor), weakref.ref(floor.answering), weakref.ref(floor.side_models.affinity)
        del floor
        kept(shop, learnt(products, space))
        assert shop.refresh()
        gc.collect()
        assert [one() for one in old] == [None, None, None], "no search is needed for that"
        assert search_text(shop, SearchRequest(text="lamp", n=2)).items


def test_a_row_is_one_number_through_all_of_it(tmp_path: Path, learnt: Learnt) -> None:
    eye = WaitingEye.made()
    eye.let.set()
    with pictured(tmp_path / "shop", eye) as shop:
        index = shop.search_index()
        shop.upsert([Product(id="later", title="A later lamp", images=("2.png",))])
        products = shop.store.products.all()
        kept(shop, learnt(products[:2], FeatureSpace.learn([[product] for product in products])))
        shop.refresh()
        index = shop.search_index()
        with shop.floor() as floor:
            assert list(map(floor.shelf.product_id, range(len(floor.shelf)))) == [product.id for product in products]
            everything = np.ones(len(floor.shelf), dtype=np.bool_)
            vector = index.vector_of(products[2])
            assert vector is not None
            assert list(index.like(vector, everything))[:2] in ([2, 5], [5, 2]), "two products show this picture"
            assert index.listings("later", everything).ids.tolist() == [5] == [floor.shelf.row_of("later")]
            nothing = np.zeros(2, dtype=np.bool_)
            assert index.like(vector, nothing) == {}, "a shelf of a moment ago may be shorter"


def test_vectors_of_superseded_eyes_go_once_the_new_eye_has_seen_all(tmp_path: Path) -> None:
    eye = WaitingEye.made()
    eye.let.set()
    with pictured(tmp_path / "shop", eye) as shop:
        key = PhotoKey("shop-1", "1.png")
        shop.store.vectors.put(Stamp("eye", "long ago"), [key], np.ones((1, 3), dtype=np.float32))
        shop.search_index(look_at_all=True)
        assert shop.store.vectors.all(Stamp("eye", "long ago")).ids == []
        assert len(shop.store.vectors.all(Stamp("eye", eye.version)).ids) == 5


def test_what_the_recommender_learnt_with_is_not_pruned(tmp_path: Path, learnt: Learnt) -> None:
    eye = WaitingEye.made()
    eye.let.set()
    with pictured(tmp_path / "shop", eye) as shop:
        shop.store.vectors.put(Stamp("eye", "learnt"), [PhotoKey("shop-1", "1.png")], np.ones((1, 3), dtype=np.float32))
        products = shop.store.products.all()
        space = FeatureSpace((), (), (), (), Stamp("eye", "learnt", 3))
        kept(shop, learnt(products, space))
        shop.refresh()
        shop.search_index(look_at_all=True)
        assert shop.store.vectors.all(Stamp("eye", "learnt")).ids == ["shop-1"]


def test_what_was_bought_since_is_counted(shop: OpenShop) -> None:
    def both(number: int) -> list[Event]:
        return [view(product, number, EventKind.PURCHASE, shopper_id=f"s{number}") for product in "ab"]

    with shop.floor() as floor:
        assert shop.bought_with(floor, ["a"]) == {}
        shop.record(both(1))
        assert shop.bought_with(floor, ["a"]) == {"b": 1}, "the first purchases count at once"
        shop.record([one for number in range(2, 9) for one in both(number)])
        assert shop.bought_with(floor, ["a"]) == {"b": 8} and shop.bought_with(floor, ["c", "nothing"]) == {}
        shop.store.shoppers.forget("s3")
        shop.catch_up()
        assert shop.bought_with(floor, ["b"]) == {"a": 7}


@pytest.mark.parametrize("warm", [True, False])
def test_one_rule_says_whom_a_name_means(shop: OpenShop, *, warm: bool) -> None:
    shop.record([view("a", 1, session_id="tab"), view("b", 2, anonymous_id="cookie"), view("c", 3, shopper_id="bob")])
    if warm:
        listed(shop, user_id="tab")
    assert [shop.profile(name) for name in ("tab", "cookie", "bob", "nobody")] == ["tab", "cookie", "bob", "nobody"]
    assert shop.profile("nobody", session_id="tab") == "tab"
    shop.record(
        [view("a", 4, shopper_id="ann", session_id="tab"), view("a", 5, shopper_id="ann", anonymous_id="cookie")]
    )
    assert {shop.profile(name) for name in ("tab", "cookie", "ann")} == {"ann"}
    for name in ("tab", "cookie"):
        with shop.floor() as floor:
            assert floor.past(shop.profile(name)).history.items.tolist() == [1, 0]


def test_opening_a_shop_loads_nothing_that_computes() -> None:
    """An import or an export in a process of its own need not wait for torch."""
    code = (
        "import sys, bottega.shop.open_shop; "
        "print([m for m in ('torch', 'numba', 'scipy', 'PIL', 'skimage', 'usearch') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_shop_closed_while_its_searches_are_made_ready_keeps_nobody_waiting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A server of several shops closes one that nobody asked for long, while a thread of its own learns from it.
    shop = OpenShop.open(tmp_path)
    shop.upsert([Product(id="lamp", title="Oak lamp")])
    following = SearchIndex.follow

    def closed_meanwhile(index: SearchIndex, *given: object) -> None:
        following(index, *given)  # type: ignore[arg-type]
        monkeypatch.setattr(SearchIndex, "follow", following)
        shop.close()

    monkeypatch.setattr(SearchIndex, "follow", closed_meanwhile)
    soon(shop.search_index)
    shop.close()
