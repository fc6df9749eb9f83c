"""Options that several commands share."""

from __future__ import annotations

import difflib
import os
from pathlib import Path
from typing import Annotated

import typer
from typer.core import TyperGroup

from bottega.errors import RequestInvalid, ShopUnknown
from bottega.serving.cli.console import guard, note

__all__ = ["Count", "Device", "NewShopFolder", "ShopFolder", "ShopsFolderOption", "is_shop", "means_all", "n_of"]

_MARKS = ("shop.db", "bottega.toml")
"""What lies in the folder of a shop and in few others."""
_SUGGESTED = 3


def is_shop(folder: Path) -> bool:
    """Whether a shop lies there."""
    return any((folder / name).exists() for name in _MARKS) or "BOTTEGA_DATABASE_URL" in os.environ


def _existing(context: typer.Context, parameter: typer.CallbackParam, folder: Path) -> Path:
    """The folder of a shop that is there, or an empty one; a mistyped one is refused, not made."""
    source = context.get_parameter_source(parameter.name or "")
    given = source is not None and source.name != "DEFAULT"
    if context.params.get("shops") is not None and not given:
        return folder  # all shops of a shops folder are meant
    if isinstance(context.command, TyperGroup) and not given:
        return folder  # a command of the group may yet name another
    with guard():
        if not (_is_shop(folder) or _is_empty(folder) or os.environ.get("BOTTEGA_DATABASE_URL")):
            near = _shops_near(folder)
            found = f"Try --shop {near[0]}" if near else "Name the folder with --shop"
            raise ShopUnknown(
                f"There is no shop in {folder.absolute()}.",
                allowed=f"Shops near by are in: {', '.join(map(str, near))}."
                if near
                else "No shop is near by, either.",
                next_step=f"{found}; `bottega import` and `bottega demo` make a new shop.",
            )
    return folder


def _is_shop(folder: Path) -> bool:
    return any((folder / mark).exists() for mark in (*_MARKS, "models"))


def _is_empty(folder: Path) -> bool:
    try:
        return folder.is_dir() and not any(folder.iterdir())
    except OSError:
        return False


def _shops_near(folder: Path) -> list[Path]:
    """Folders of shops in the folder, beside it and in the one that is worked in; those of a like name first."""
    places = dict.fromkeys([folder.absolute(), folder.absolute().parent, Path.cwd()])
    found: dict[str, Path] = {}
    for place in places:
        try:
            candidates = [place, *(one for one in sorted(place.iterdir()) if one.is_dir())] if place.is_dir() else []
        except OSError:
            continue
        for one in candidates:
            if any((one / mark).exists() for mark in _MARKS):
                found.setdefault(str(one), one)
    name = folder.absolute().name
    likeness = {path: difflib.SequenceMatcher(None, name, Path(path).name).ratio() for path in found}
    return [found[path] for path in sorted(found, key=lambda path: -likeness[path])][:_SUGGESTED]


ShopFolder = Annotated[
    Path, typer.Option("--shop", envvar="BOTTEGA_SHOP", callback=_existing, help="The shop's folder.")
]
NewShopFolder = Annotated[
    Path, typer.Option("--shop", envvar="BOTTEGA_SHOP", help="The shop's folder; made where it is absent.")
]
ShopsFolderOption = Annotated[
    Path | None,
    typer.Option(
        "--shops", envvar="BOTTEGA_SHOPS", is_eager=True, help="A folder of several shops, all of which are meant."
    ),
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


def means_all(context: typer.Context, shops: Path | None) -> Path | None:
    """The shops folder, where all of it is meant: a shop named by `--shop` comes before the variable BOTTEGA_SHOPS.

    Raises `RequestInvalid` where the command line names both.
    """
    named = {name for name in ("shop", "shops") if _said(context, name) == "COMMANDLINE"}
    if named == {"shop", "shops"}:
        raise RequestInvalid(
            "Both --shop and --shops are given.", next_step="Name one shop, or the folder of several shops."
        )
    return None if shops is None or named == {"shop"} else shops


def _said(context: typer.Context, name: str) -> str:
    source = context.get_parameter_source(name)
    return "" if source is None else source.name
