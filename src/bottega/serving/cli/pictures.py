"""What commands that make pictures share: a shop that photos alone do not need, and files that take nobody's place."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from bottega.serving.cli.options import is_shop

if TYPE_CHECKING:
    from pydantic import BaseModel

    from bottega.shop.open_shop import OpenShop

__all__ = ["photos_told", "shop_if_any", "write_beside"]


@contextmanager
def shop_if_any(shop: Path | None, *, needed: bool = False) -> Iterator[OpenShop | None]:
    """The shop that was named, or that lies here; None where there is none and photos alone are worked on."""
    from bottega.errors import ShopUnknown
    from bottega.shop.open_shop import OpenShop

    folder = shop or Path()
    if shop is None and not needed and not is_shop(folder):
        yield None
        return
    if not is_shop(folder):
        raise ShopUnknown(
            f"There is no shop in {folder.absolute()}.",
            next_step="Name its folder with --shop; photos alone need none.",
        )
    with OpenShop.open(folder) as opened:
        yield opened


def write_beside(photo: Path, kind: str, content: bytes, out: Path | None, *, suffix: str = ".jpg") -> Path:
    """Write NAME.kind.jpg beside a photo, or in the folder `out`; with a number where that is there already."""
    from bottega.errors import InputError, disk_full

    folder = photo.parent if out is None else out
    target, number = folder / f"{photo.stem}.{kind}{suffix}", 2
    while target.exists():
        target, number = folder / f"{photo.stem}.{kind}-{number}{suffix}", number + 1
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as stream:
            stream.write(content)
    except OSError as error:
        raise disk_full(error) or InputError(
            f"The file {target} cannot be written: {error.strerror}.", next_step="Name another folder with --out."
        ) from error
    return target


def photos_told(answer: BaseModel, files: Sequence[Sequence[Path]]) -> str:
    """An answer about photos as JSON: of each the files that were written, in the place of what is in them."""
    told = answer.model_dump(mode="json", exclude={"photos": {"__all__": {"content", "side_by_side"}}})
    for photo, written in zip(told["photos"], files, strict=True):
        photo["files"] = [str(path) for path in written]
    return json.dumps(told, ensure_ascii=False)
