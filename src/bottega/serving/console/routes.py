"""All areas of the console, in the order of its navigation. Looked at when somebody first opens the console.

An area is a module (or a package) with `router` and `PAGES`: one line here, and its pages are in the navigation of
everybody whose role opens them.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from starlette.routing import BaseRoute, Router

from bottega.names import Role
from bottega.serving.console import (
    audit,
    catalogue,
    catalogue_quality,
    catalogue_rejects,
    catalogue_suggestions,
    feeds,
    files,
    funnels,
    home,
    jobs,
    keys,
    models,
    proof,
    reports,
    settings,
    setup,
    shoppers,
    steering,
    talks,
)
from bottega.serving.console.pages import ConsolePage

__all__ = ["AREAS", "PAGES", "console_router", "navigation"]

AREAS = (
    home,
    catalogue,
    catalogue_suggestions,
    catalogue_rejects,
    catalogue_quality,
    setup,
    steering,
    proof,
    reports,
    shoppers,
    funnels,
    talks,
    models,
    jobs,
    feeds,
    settings,
    keys,
    audit,
)
PAGES: tuple[ConsolePage, ...] = tuple(page for area in AREAS for page in area.PAGES)
"""Every page of the console."""


class PageGroup(NamedTuple):
    """A heading of the navigation with its pages."""

    title: str
    pages: tuple[ConsolePage, ...]


def navigation(role: Role) -> tuple[PageGroup, ...]:
    """What somebody of this role finds in the navigation; groups in the order of their first page."""
    found: dict[str, list[ConsolePage]] = {}
    for page in PAGES:
        if not page.under and role.opens(page.role):
            found.setdefault(page.group, []).append(page)
    return tuple(PageGroup(title, tuple(pages)) for title, pages in found.items())


@cache
def console_router() -> Router:
    """Every route of the console, for all shops of this process: they know none before a request comes."""
    routes: list[BaseRoute] = [*files.router.routes]
    for area in AREAS:
        routes.extend(area.router.routes)
    return Router(routes=routes, redirect_slashes=False)
