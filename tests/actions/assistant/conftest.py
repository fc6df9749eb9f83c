"""A shop that is talked with, and a reader whose readings are known."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping

import pytest

from bottega.actions.assistant.assistant import assistant
from bottega.actions.assistant.shapes import AssistantAnswer, AssistantRequest
from bottega.actions.intake.record_events import record_events
from bottega.actions.intake.shapes import RecordRequest
from bottega.catalogue.product import Product
from bottega.models.dialogue.commands import Command, LineReading
from bottega.models.dialogue.state import TalkState
from bottega.shop.folder import ShopFolder
from bottega.shop.open_shop import OpenShop

COLOURS = ("red", "blue", "black")
NOW_MS = time.time_ns() // 1_000_000
DAY_MS = 86_400_000


def products() -> Iterator[Product]:
    """Thirty dresses, twelve boots, nine lamps; every third one red, blue, black."""
    for number in range(30):
        yield Product(
            id=f"dress-{number}",
            title=f"{('Linen', 'Cotton')[number % 2]} dress {('Ada', 'Bea', 'Cleo')[number // 10]} {number}",
            category=("Clothing", "Dresses"),
            brand=("Lana", "Ofen")[number % 2],
            price_minor=2000 + 500 * number,
            currency="EUR",
            attributes={"color": (COLOURS[number % 3],), "material": (("linen", "cotton")[number % 2],)},
        )
    for number in range(12):
        yield Product(
            id=f"boot-{number}",
            title=f"Ankle boots Puma {number}" if number % 2 else f"Ankle boots Tamaris {number}",
            category=("Shoes", "Boots"),
            brand=("Tamaris", "Puma")[number % 2],
            price_minor=6000 + 1000 * number,
            currency="EUR",
            attributes={"color": (COLOURS[number % 3],), "material": (("leather", "suede")[number // 6],)},
        )
    for number in range(9):
        yield Product(
            id=f"lamp-{number}",
            title=f"Table lamp Luna {number}",
            category=("Home", "Lamps"),
            brand="Luna",
            price_minor=3000 + 100 * number,
            currency="EUR",
            attributes={"color": (COLOURS[number % 3],)},
        )


class KnownReader:
    """Reads a line as the test says; a line it was not told of it does not understand."""

    def __init__(self) -> None:
        self.lines: dict[str, LineReading] = {}

    def read(self, text: str, state: TalkState) -> LineReading:
        return self.lines.get(text, LineReading((), state.language or "en"))


@pytest.fixture(scope="session")
def talk_shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenShop]:
    folder = ShopFolder.open(tmp_path_factory.mktemp("talk-shop"))
    folder.store.products.upsert(list(products()))
    with OpenShop(folder) as opened:
        rows: list[dict[str, object]] = []
        for place, number in enumerate((0, 3, 6, 9)):
            rows.append(
                {"kind": "view", "shopper_id": "ana", "product_id": f"dress-{number}", "time": NOW_MS - 60_000 + place}
            )
        for order, (id_, days) in enumerate({"boot-3": 3, "lamp-1": 40}.items()):
            bought = {"kind": "purchase", "shopper_id": "ana", "product_id": id_, "order_id": f"o{order}"}
            rows.append({**bought, "time": NOW_MS - days * DAY_MS})
        assert not record_events(opened, RecordRequest.model_validate({"events": rows})).rejected
        yield opened


class Talks:
    """One shopper's talk: `say(line, command, ...)` is a turn, read as these commands."""

    def __init__(self, shop: OpenShop, shopper: str | None = None) -> None:
        self.shop, self.shopper, self.reader = shop, shopper, KnownReader()
        self.talk_id: str | None = None

    def say(self, text: str, *commands: Command, language: str = "en", **reading: object) -> AssistantAnswer:
        self.reader.lines[text] = LineReading(tuple(commands), language, **reading)  # type: ignore[arg-type]
        return self._turn({"text": text})

    def press(self, button: str) -> AssistantAnswer:
        return self._turn({"button": button})

    def _turn(self, fields: Mapping[str, object]) -> AssistantAnswer:
        asked = {"talk_id": self.talk_id, "shopper": self.shopper, **fields}
        answer = assistant(self.shop, AssistantRequest.model_validate(asked), reader=self.reader)
        self.talk_id = answer.talk_id
        return answer

    @property
    def state(self) -> TalkState:
        talk = self.shop.store.talks.get(str(self.talk_id))
        assert talk is not None
        return TalkState.from_json(talk.state)


@pytest.fixture
def talks(talk_shop: OpenShop) -> Callable[..., Talks]:
    """A new talk: `talks()`, or of somebody, `talks("ana")`."""
    return lambda shopper=None: Talks(talk_shop, shopper)
