"""All areas of the console, in the order of its navigation. Looked at when somebody first opens the console.

An area is a module (or a package) with `router` and `PAGES`: one line here, and its pages are in the navigation of
everybody whose role opens them.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from starlette.routing import BaseRoute, Router

from bottega.names import Role
AREAS = (
    home,
    steering,
)
