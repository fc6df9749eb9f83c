"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bottega.serving.cli.console import note

__all__ = ["Count", "Device", "ShopFolder", "n_of"]

ShopFolder = Annotated[
    Path, typer.Option("--shop", envvar="BOTTEGA_SHOP", help="The shop's folder; made where it is absent.")
]
Device = Annotated[
    str,
    typer.Option("--device", help="Where models learn: auto takes a graphics card where there is one; or cpu, cuda."),
]

Count = Annotated[int | None, typer.Option("--count", hidden=True, help="The old name of --n.")]


def n_of(n: int | None, count: int | None) -> int | None:
    """How many are wanted, by `--n` or by its old name, which is told."""
    if count is None:
        return n
    note("--count is the old name of --n, and goes with the next version.")
    return count if n is None else n
