"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["ShopFolder"]

ShopFolder = Annotated[
    Path, typer.Option("--shop", envvar="BOTTEGA_SHOP", help="The shop's folder; made where it is absent.")
]
