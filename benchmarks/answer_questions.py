"""What the benchmarks of answers ask, and the rules that every answer has to keep."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bottega.actions.recommend.shapes import RecommendationAnswer, RecommendationRequest
from bottega.shop.floor import Floor
from bottega.shop.folder import ShopFolder
from bottega.shop.open_shop import OpenShop

__all__ = ["mixed_questions", "opened", "ruled_questions", "violations"]

RULES: list[dict[str, Any]] = [
    {},
    {},
    {},
    {"n": 20},
    {"diversity": 0.8},
    {"diversity": 0.5, "diversity_method": "dpp"},
    {"novelty": 0.6},
    {"price_fit": 0.7},
    {"max_per_category": 2},
    {"max_per_brand": 1},
    {"group_by": "none"},
    {"cutoff": True},
    {"strategy": "transitions"},
    {"strategy": "content"},
    {"strict": False, "n": 30},
    {"filter": {"price_minor": {"max": 6000}}},
    {"return_interests": True},
]
"""Every rule that a request may bring along, by itself."""


def opened(folder: Path) -> OpenShop:
    """The shop in a folder, made where there is none."""
    folder.mkdir(parents=True, exist_ok=True)
    return OpenShop(ShopFolder.open(folder))


def mixed_questions(shop: OpenShop, count: int, seed: int = 11) -> list[RecommendationRequest]:
    """A mix as a shop sends it: benchmarks/serving.py's."""
    draw = random.Random(seed)
    shoppers, products = _known(shop)
    asked = []
    for _ in range(count):
        shopper, dice = draw.choice(shoppers), draw.random()
        fields: dict[str, Any] = {"placement": "home", "shopper": shopper}
        if 0.55 <= dice < 0.8:
            fields |= {"placement": "product", "product_ids": [draw.choice(products)[0]]}
        elif 0.8 <= dice < 0.9:
            fields |= {"placement": "cart", "product_ids": [name for name, _, _ in draw.sample(products, 2)]}
        elif 0.9 <= dice < 0.95:
            fields |= {"placement": "category", "filter": {"category": [draw.choice(products)[1]]}}
        elif dice >= 0.95:
            fields["shopper"] = f"stranger-{draw.randrange(10**9)}"
        asked.append(RecommendationRequest(**fields))
    return asked


def ruled_questions(shop: OpenShop, count: int, seed: int = 5) -> list[RecommendationRequest]:
    """Every placement with every rule."""
    draw = random.Random(seed)
    _, products = _known(shop)
    asked = []
    for request in mixed_questions(shop, count, seed):
        fields = {name: getattr(request, name) for name in ("placement", "shopper", "product_ids")}
        rule = dict(draw.choice(RULES))
        if request.filter is not None:
            rule["filter"] = request.filter
        if draw.random() < 0.1:
            rule["pin"] = [draw.choice(products)[0]]
        if draw.random() < 0.1:
            rule["exclude_ids"] = [name for name, _, _ in draw.sample(products, 5)]
        if draw.random() < 0.1 and (brand := draw.choice(products)[2]):
            rule["boost"] = [{"filter": {"brand": [brand]}, "multiply": 1.5}]
        asked.append(RecommendationRequest(**fields, **rule))
    return asked


def violations(floor: Floor, request: RecommendationRequest, answer: RecommendationAnswer) -> list[str]:
    """The rules that an answer breaks."""
    ids = [item.product_id for item in answer.items]
    products = [product for product in map(floor.shelf.get, ids) if product is not None]
    past = floor.past(request.shopper)
    durables = {item for item in past.purchases if floor.durable[item]}
    wanted = request.filter.category if request.filter is not None and request.strict else None
    broken = {
        "one product twice": len(ids) != len(set(ids)),
        "not to be had": not all(product.recommendable for product in products),
        "an anchor or what is excluded": bool(set(ids) & {*request.product_ids, *request.exclude_ids}),
        "a durable bought before": bool(durables & {floor.items.code(name) for name in ids}),
        "outside the category": wanted is not None and not all(wanted[0] in one.category for one in products),
        "brand above its limit": request.max_per_brand == 1
        and not request.pin
        and _twice(one.brand for one in products),
        "too many": len(ids) > (request.n or floor.settings.count),
    }
    return [name for name, so in broken.items() if so]


def _twice(names: Any) -> bool:
    known = [name for name in names if name]
    return len(known) != len(set(known))


def _known(shop: OpenShop) -> tuple[list[str], Sequence[tuple[str, str, str | None]]]:
    """Shoppers, and the id, top category and brand of every product that may be shown."""
    shoppers = shop.store.events.frame()["shopper"].unique(maintain_order=True).to_list()
    products = [
        (product.id, product.category[0] if product.category else "", product.brand)
        for product in shop.store.products.all()
        if product.recommendable
    ]
    return shoppers, products
