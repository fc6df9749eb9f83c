"""Set up: from an empty shop to one that shoppers find, step by step, each done by clicks."""

from __future__ import annotations

from fastapi import APIRouter

from bottega.serving.console.setup import channels, guide, products, publishing

__all__ = ["PAGES", "router"]

router = APIRouter(include_in_schema=False)
for _part in (guide, products, channels, publishing):
    router.routes.extend(_part.router.routes)
PAGES = (*guide.PAGES, *products.PAGES, *channels.PAGES, *publishing.PAGES)
