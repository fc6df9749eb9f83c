"""A small real shop: drawn up here, trained once with cheap members, copied for each test."""

from __future__ import annotations

import shutil
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bottega.actions.recommend import train as training
from bottega.actions.recommend.shapes import TrainRequest
from bottega.catalogue.product import Product
from bottega.events.event import Event
from bottega.models.recommend.blend.blend import Blend, BlendConfig
from bottega.names import Availability, EventKind
from bottega.serving.http.app import create_app
from bottega.shop.folder import ShopFolder
from bottega.shop.open_shop import OpenShop

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # starlette asks for a successor of httpx that few have yet
    from starlette.testclient import TestClient

DAY_MS = 86_400_000
START_MS = 1_767_225_600_000
CATEGORIES = {"Lamps": "Home", "Chairs": "Home", "Shirts": "Clothes", "Coffee": "Food", "Tea": "Food", "Soap": "Bath"}
DURABLES = ("Lamps", "Chairs", "Shirts")
CONSUMABLES = ("Coffee", "Tea", "Soap")
ODD_IDS = ("lamps/a b", "lamps/😀", "lamps?x=1&y=%2F")


def catalogue() -> list[Product]:
    """Ten items in each of six categories; shirts come in two sizes; some products must never be shown."""
    products = []
    for name, top in CATEGORIES.items():
        for number in range(10):
            code = f"{name.lower()}-{number}"
            if name == "Lamps" and number < len(ODD_IDS):
                code = ODD_IDS[number]
            shared: dict[str, Any] = {
                "title": f"{name[:-1] if name.endswith('s') else name} number {number}",
                "category": (top, name),
                "brand": ("Nord", "Sud", "Ost")[number % 3],
                "price_minor": 1000 + 300 * number,
                "currency": "USD",
            }
            colour = ("red", "blue")[number % 2]
            if name == "Shirts":
                for size in ("S", "M"):
                    attributes: dict[str, tuple[str, ...]] = {"colour": (colour,), "size": (size,)}
                    products.append(Product(id=f"{code}/{size}", group_id=code, attributes=attributes, **shared))
                continue
            availability = {7: Availability.OUT_OF_STOCK, 8: Availability.DISCONTINUED}.get(number)
            products.append(
                Product(
                    id=code,
                    attributes={"colour": (colour,)},
                    hidden=number == 9,
                    availability=availability or Availability.IN_STOCK,
                    **shared,
                )
            )
    return products


def history(products: list[Product]) -> list[Event]:
    """Forty shoppers who love one durable and one consumable category; consumables are bought again."""
    rng = np.random.default_rng(7)
    by_category: dict[str, list[str]] = {}
    for product in products:
        by_category.setdefault(product.category[1], []).append(product.id)
    events = []
    for shopper in range(40):
        durable, consumable = DURABLES[shopper % 3], CONSUMABLES[(shopper // 3) % 3]
        day = 0
        favourite = by_category[consumable][int(rng.integers(0, 4))]
        for step, picked in enumerate(rng.permutation(by_category[durable])[:5]):
            for kind, name in ((EventKind.VIEW, str(picked)), (EventKind.PURCHASE, favourite)):
                if kind is EventKind.VIEW and step == 2:
                    kind = EventKind.PURCHASE
                day += 2
                time_ms = START_MS + day * DAY_MS + shopper * 1000
                events.append(Event(shopper_id=f"s{shopper}", kind=kind, product_id=name, time_ms=time_ms))
    return events


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a shop that was imported and trained."""
    folder = tmp_path_factory.mktemp("template") / "shop"
    members: dict[str, dict[str, Any]] = {"transitions": {}, "item_neighbours": {}, "content": {}, "popular": {}}
    with ShopFolder.open(folder) as shop, pytest.MonkeyPatch.context() as patch:
        products = catalogue()
        shop.store.products.upsert(products)
        shop.store.events.add(history(products))
        patch.setattr(training, "recommender_class", lambda name: lambda: Blend(BlendConfig(members=members)))
        training.train(OpenShop(shop), TrainRequest())
    return folder


@dataclass(frozen=True)
class Door:
    """A running application and its shop."""

    client: TestClient
    shop: OpenShop
    folder: Path
    key: str

    def post(self, path: str, body: object, status: int = 200) -> dict[str, Any]:
        """The JSON answer to a request with the right key."""
        response = self.client.post(path, json=body, headers={"X-API-Key": self.key})
        assert response.status_code == status, response.text
        answer: dict[str, Any] = response.json()
        return answer

    def ask(self, status: int = 200, **fields: Any) -> dict[str, Any]:
        """The answer to one recommendation request."""
        return self.post("/v1/recommendations", fields, status)

    def ids(self, **fields: Any) -> list[str]:
        """Only the ids of the answer."""
        return [item["product_id"] for item in self.ask(**fields)["items"]]


@pytest.fixture
def open_door(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Door]]:
    """Opens the door of a copy of a shop, with settings changed."""
    clients: list[TestClient] = []

    def open_(source: Path | None, **settings: Any) -> Door:
        folder = tmp_path / f"shop{len(clients)}"
        if source is not None:
            shutil.copytree(source, folder)
        for name, value in {"refresh_s": 3600, "worker": False, **settings}.items():
            monkeypatch.setenv(f"BOTTEGA_{name.upper()}", str(value))
        app = create_app(folder)
        client = TestClient(app)
        client.__enter__()
        clients.append(client)
        shop: OpenShop = app.state.door.shop
        return Door(client, shop, folder, shop.folder.store.keys.create("test"))

    yield open_
    for client in clients:
        client.__exit__(None, None, None)


@pytest.fixture
def door(trained: Path, open_door: Callable[..., Door]) -> Door:
    """The trained shop, open."""
    return open_door(trained)
