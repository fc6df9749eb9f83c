"""Look: how products are now beside the last look, so that what came back or costs less is noticed once."""

from __future__ import annotations

from bottega.catalogue.product import Product
from bottega.progress import Progress, silent
from bottega.shop.open_shop import OpenShop
from bottega.store.looks import ProductLook

__all__ = ["look_at_products", "seen_anew"]

_AT_A_TIME = 2_000


def seen_anew(product: Product, before: ProductLook | None, now_ms: int) -> ProductLook:
    """The look at a product now. What nobody looked at before has neither come back nor become cheaper."""
    available = product.recommendable
    plain = ProductLook(product.id, available, product.price_minor, product.currency)
    if before is None:
        return plain
    back_ms = now_ms if available and not before.available else before.back_ms
    dropped_ms, before_minor = before.dropped_ms, before.before_minor
    now, was = product.price_minor, before.price_minor
    if now is None or was is None or product.currency != before.currency:
        dropped_ms = before_minor = None
    elif now < was:
        dropped_ms, before_minor = now_ms, was
    elif now > was:
        dropped_ms = before_minor = None
    return plain._replace(back_ms=back_ms, dropped_ms=dropped_ms, before_minor=before_minor)


def look_at_products(shop: OpenShop, now_ms: int, progress: Progress = silent) -> int:
    """Look at every product and keep what is other than before; returns how many."""
    changed = seen = 0
    total = shop.store.products.count()
    for products in shop.store.products.iterate(_AT_A_TIME):
        before = shop.store.looks.of(product.id for product in products)
        looks = [seen_anew(product, before.get(product.id), now_ms) for product in products]
        anew = [look for look in looks if look != before.get(look.product_id)]
        shop.store.looks.put(anew)
        changed += len(anew)
        seen += len(products)
        progress("looking at products", seen, total)
    return changed
