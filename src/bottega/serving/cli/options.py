"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["Device", "ShopFolder"]

ShopFolder = Annotated[
    Path, typer.Option("--shop", envvar="BOTTEGA_SHOP", help="The shop's folder; made where it is absent.")
]
Device = Annotated[
    str,
    typer.Option("--device", help="Where models learn: auto takes a graphics card where there is one; or cpu, cuda."),
]
