"""Of each ability the newest of the shop's own, else the shipped one; loaded once, kept, and let go when replaced."""

from __future__ import annotations

import gc
import json
import threading
import time
import weakref
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from bottega.errors import ModelFileBroken
from bottega.models.vision.eye.eye import Eye
from bottega.shop.folder import ShopFolder
from bottega.shop.once import Once
from bottega.shop.trained.models_in_use import ModelsInUse
from bottega.shop.trained.runs import keep_run
from bottega.shop.trained.shipped_models import EYE, ShippedModels
from bottega.store.runs import ModelRun

HEADS = {"color": ("red", "blue")}


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[ShopFolder]:
    with ShopFolder.open(tmp_path / "shop") as opened:
        yield opened


def trained(folder: ShopFolder, eye: Eye, *, version: str | None = None) -> ModelRun:
    """A training of the shop's own eye, on record."""
    return keep_run(
        folder,
        lambda place: eye.save(place / "model"),
        room=EYE.room,
        ability=EYE.name,
        name="eye",
        folder=folder.models / "vision" / "eye",
        started=time.monotonic(),
        seed=0,
        products=1,
        version=version,
    )


def fresh(seed: int) -> Eye:
    return Eye.fresh(HEADS, (), rng=np.random.default_rng(seed))


def test_the_shipped_one_answers_until_the_shop_has_its_own(folder: ShopFolder) -> None:
    shipped, own = fresh(0), fresh(1)
    common = ShippedModels()
    with common.standing_in(eye=shipped, words=None):
        models = ModelsInUse(folder, common)
        assert models.eye() is shipped and models.words(shipped) is None
        trained(folder, own)
        found = models.eye()
        assert found is not shipped and found.heads == own.heads and models.eye() is found, "read once and kept"
        assert models.shipped.get(EYE) is shipped, "what trainings go on from"


def test_a_replaced_model_is_let_go_when_the_newer_one_is_asked_for(folder: ShopFolder) -> None:
    models = ModelsInUse(folder, ShippedModels())
    trained(folder, fresh(1))
    old = weakref.ref(models.eye())
    trained(folder, fresh(2))
    newer = models.eye()
    gc.collect()
    assert old() is None and models.eye() is newer


def test_a_broken_file_is_told_and_tried_again(folder: ShopFolder) -> None:
    run = trained(folder, fresh(1))
    arrays = folder.root / run.folder / "model" / "arrays.npz"
    whole = arrays.read_bytes()
    arrays.write_bytes(whole[:100])
    models = ModelsInUse(folder, ShippedModels())
    for _ in range(2):
        with pytest.raises(ModelFileBroken):
            models.eye()
    arrays.write_bytes(whole)
    assert models.eye().heads == fresh(1).heads


def test_what_is_in_use_is_listed_without_loading_anything(folder: ShopFolder) -> None:
    models = ModelsInUse(folder, ShippedModels())
    found = {one.ability: one for one in models.in_use()}
    assert set(found) == {"eye", "parts", "words", "outfits", "rescue", "product", "sketch", "key_points", "turntable"}
    assert all(one.origin == "shipped" and one.version for one in found.values())
    studio = ("rescue", "product", "sketch", "key_points", "turntable")
    assert {one.room for name, one in found.items() if name not in studio} == {"vision"}
    assert {found[name].room for name in studio} == {"studio"}
    run = trained(folder, fresh(1), version="mine")
    card = folder.root / run.folder / "card.json"
    bar = {"type_top1": {"value": 0.4, "bar": 0.5, "met": False}}
    card.write_text(json.dumps(json.loads(card.read_text()) | {"bars": bar}))
    found = {one.ability: one for one in models.in_use()}
    assert (found["eye"].origin, found["eye"].version, found["eye"].bars) == ("own", "mine", bar)
    assert found["eye"].age_s is not None and 0 <= found["eye"].age_s < 600
    assert found["words"].origin == "shipped", "this training made none"
    assert models._own == {}


def test_once_is_made_once_for_all_who_ask_and_again_after_a_failure() -> None:
    made: list[int] = []
    started, go = threading.Event(), threading.Event()

    def make() -> int:
        made.append(len(made))
        started.set()
        assert go.wait(30)
        if len(made) == 1:
            raise ValueError("not yet")
        return made[-1]

    once = Once(make)
    found: list[object] = []

    def ask() -> None:
        try:
            found.append(once())
        except ValueError as error:
            found.append(str(error))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    threads[0].start()
    assert started.wait(30) and once.made is None
    for thread in threads[1:]:
        thread.start()
    go.set()
    for thread in threads:
        thread.join(30)
    assert found[0] == "not yet" and set(map(str, found)) <= {"not yet", "1"}
    assert once() == 1 == once.made and made == [0, 1]
