"""The same talk is answered in the same words, in another folder as well: nothing is left to chance."""

from __future__ import annotations

from pathlib import Path

from bottega.actions.assistant.assistant import assistant
from bottega.actions.assistant.shapes import AssistantRequest
from bottega.catalogue.product import Product
from bottega.shop.folder import ShopFolder
from bottega.shop.open_shop import OpenShop

LINES = (
    "hello",
    "do you have red dresses?",
    "something cheaper, please",
    "is the second one of linen?",
    "compare the first two",
    "what would you suggest?",
    "show me lamps",
    "thanks, bye",
)


def _talk(folder: Path, talk_id: str) -> list[object]:
    made = ShopFolder.open(folder)
    made.store.products.upsert(
        [
            Product(
                id=f"{kind}-{number}",
                title=f"{('Linen', 'Cotton')[number % 2]} {kind} {number}",
                category=("All", f"{kind}s".title()),
                price_minor=2000 + 100 * number,
                currency="EUR",
                attributes={"color": (("red", "blue")[number % 3 > 1],)},
            )
            for kind in ("dress", "lamp")
            for number in range(12)
        ]
    )
    with OpenShop(made) as shop:
        answers = [assistant(shop, AssistantRequest(talk_id=talk_id, text=line, language="en")) for line in LINES]
    return [answer.model_dump(exclude={"took_ms"}) for answer in answers]


def test_the_same_talk_is_said_the_same_way(tmp_path: Path) -> None:
    first = _talk(tmp_path / "one", "t-1")
    assert first == _talk(tmp_path / "two", "t-1")
    assert all(answer["text"] for answer in first)  # type: ignore[index]
