"""The shop of `console_tasks.py`: a demo shop that has something of everything a merchandiser is asked about."""

from __future__ import annotations

import time
from pathlib import Path

from bottega.actions.intake.import_catalogue import import_catalogue
from bottega.actions.intake.import_events import import_events
from bottega.actions.intake.shapes import ImportCatalogueRequest, ImportEventsRequest
from bottega.actions.recommend.recommend import recommend
from bottega.actions.recommend.shapes import RecommendationRequest, TrainRequest
from bottega.actions.recommend.train import train
from bottega.catalogue.product import Product
from bottega.datasets.demo_store.write import write_demo_shop
from bottega.events.event import Event
from bottega.names import DAY_MS, EventKind, Role
from bottega.shop.open_shop import OpenShop
from bottega.store.answers import LoggedAnswer
from bottega.store.suggestions import Suggestion, SuggestionKind

__all__ = ["IN_CART", "IN_VAIN", "PASSWORD", "SUGGESTED", "UNFOUND", "WHO", "make_shop"]

WHO, PASSWORD = "Mia", "horse battery staple"
SUGGESTED = 146
UNFOUND, IN_VAIN = "kettlebell", "hammock"
"""Words that no product of the shop has; the first is to get a synonym."""
IN_CART = "shopper of a list 2"
"""A shopper who has put a product into the cart."""
BOUGHT = 40
"""Shoppers who clicked on the first product of their home rail; every second of them bought it."""
HOUR_MS = 3_600_000


def make_shop(folder: Path) -> None:
    """A shop with 200 products, their pictures, events of the last months, a trained model and who works there."""
    now_ms = time.time_ns() // 1_000_000
    files = write_demo_shop(folder.with_name("feed"), products=200, shoppers=400, pictures=True, now_ms=now_ms)
    folder.mkdir()
    (folder / "bottega.toml").write_text('currency = "EUR"\n')
    with OpenShop.open(folder) as shop:
        import_catalogue(shop, ImportCatalogueRequest(source=files.catalogue))
        import_events(shop, ImportEventsRequest(source=files.events))
        train(shop, TrainRequest(model="popular"))
        shop.sessions.add(WHO, Role.MANAGE, PASSWORD)
        _suggest(shop, now_ms)
        _sell_through_home(shop, now_ms)
        shop.store.events.add(
            [
                Event(shopper_id=f"{query} {n}", kind=EventKind.SEARCH, query=query, time_ms=now_ms - (n + 1) * DAY_MS)
                for query in (UNFOUND, IN_VAIN)
                for n in range(5)
            ]
        )


def _suggest(shop: OpenShop, now_ms: int) -> None:
    """What the eye would propose: a season for so many products that say none."""
    lacking = [one for one in shop.store.products.all() if "season" not in one.attributes][:SUGGESTED]
    shop.store.suggestions.put([_season(one, at, now_ms) for at, one in enumerate(lacking)])


def _season(product: Product, at: int, now_ms: int) -> Suggestion:
    value = ("summer", "winter", "all year")[at % 3]
    return Suggestion(
        SuggestionKind.FILL, product.id, "season", value, 0.6 + 0.39 * at / SUGGESTED, "benchmark", "1", now_ms
    )


def _sell_through_home(shop: OpenShop, now_ms: int) -> None:
    """Home rails as they were shown, each with a click on its first product; every second click led to a purchase."""
    events: list[Event] = []
    logged: list[LoggedAnswer] = []
    for n in range(BOUGHT):
        who, shown_ms = f"shopper of a list {n}", now_ms - DAY_MS - n * HOUR_MS
        answer = recommend(shop, RecommendationRequest(placement="home", shopper=who, n=8))
        ids = [item.product_id for item in answer.items]
        logged.append(
            LoggedAnswer(
                recommendation_id=answer.recommendation_id,
                shopper=who,
                time_ms=shown_ms,
                placement="home",
                strategy=None,
                fallback=answer.fallback,
                model="",
                products=ids,
                scores=[item.score for item in answer.items],
            )
        )
        first = shop.store.products.get(ids[:1])[ids[0]]
        kinds = [EventKind.CLICK] + [EventKind.PURCHASE] * (n % 2)
        kinds += [EventKind.ADD_TO_CART] * (who == IN_CART)
        events += [
            Event(
                shopper_id=who,
                kind=kind,
                product_id=first.id,
                time_ms=shown_ms + 60_000 * (step + 1),
                value=(first.price_minor or 0) / 100 if kind is EventKind.PURCHASE else None,
                recommendation_id=answer.recommendation_id if kind is EventKind.CLICK else None,
            )
            for step, kind in enumerate(kinds)
        ]
    shop.store.answers.add(logged, forgotten=shop.store.shoppers.forgotten())
    shop.store.events.add(events)
