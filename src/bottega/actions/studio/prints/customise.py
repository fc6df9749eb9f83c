"""Customise: a shopper's picture, or what a song looks like, on a product that has a place for one."""

from __future__ import annotations

import time
from typing import Literal

from PIL import Image

from bottega.actions.studio.prints.designs import (
    design_named,
    drop_old,
    dye_of,
    picture_of,
    read_picture,
    said_of,
    wanted_slot,
    webp,
)
from bottega.actions.studio.prints.own_photo import on_own_photo
from bottega.actions.studio.prints.shapes import (
    CustomiseAnswer,
    CustomiseRequest,
    DesignRemoval,
    DesignRequest,
    DesignsRemoved,
    PlacementInfo,
    PreviewInfo,
    PrintInfo,
)
from bottega.errors import RequestInvalid, SoundRefused
from bottega.models.studio.prints.print_on import Placement, dpi_of, previews, warning_of
from bottega.models.studio.prints.printed import DPI, PRINTED, Printed
from bottega.progress import Progress, silent
from bottega.shop.marks import drawn_name
from bottega.shop.open_shop import OpenShop
from bottega.shop.pictures.shopper_files import DESIGNS
from bottega.store.designs import KeptDesign, Placed

__all__ = ["customise", "remove_designs", "show_design"]

DESIGNS_MAX = 500
"""Designs of one shopper that wait to be ordered."""
SONG_AT_ONCE_S = 300.0
"""Songs longer than this take a core more than two seconds, so that a job listens to them."""


def customise(
    shop: OpenShop,
    request: CustomiseRequest,
    *,
    longest_s: float | None = SONG_AT_ONCE_S,
    progress: Progress = silent,
) -> CustomiseAnswer:
    """Keep a design and show it; of songs those up to `longest_s`, any where that is None.

    Raises `PhotoRefused`, `SoundRefused`, `ProductUnknown`, `NotCustomisable`, `DesignUnknown`, and `RequestInvalid`
    for two pictures at once, or none.
    """
    started = time.perf_counter()
    given = [name for name in ("picture", "song", "design_id") if getattr(request, name) is not None]
    if len(given) != 1:
        raise RequestInvalid(
            f"The request has {' and '.join(given)}." if given else "The request has no picture and no song.",
            allowed="It takes one of picture, song, and design_id (a design that is laid otherwise).",
            next_step="Send one of them.",
        )
    placement = Placement(request.fit, request.scale, request.x, request.y, request.rotate)
    if request.design_id is not None:
        design = _laid_otherwise(shop, request, request.design_id, placement)
        return _answer(shop, design, picture_of(shop, design), started, own_photo=request.own_photo)
    if request.product_id is None:
        raise RequestInvalid("The request names no product.", next_step="Send its id as product_id.")
    printed = wanted_slot(shop, request.product_id, request.template)
    content, name, made_from = _picture(request, longest_s, progress)
    picture = read_picture(content, name)
    shopper = shop.profile(request.shopper) if request.shopper else ""
    folder = shop.folder
    drop_old(folder)
    design_id = f"d-{drawn_name(folder, 'design', 12)}"
    again = folder.store.designs.get(design_id) is not None  # a job that was taken up again
    if shopper and not again and folder.store.designs.count(shopper) >= DESIGNS_MAX:
        raise RequestInvalid(
            f"Shopper {shopper!r} has {DESIGNS_MAX} designs.",
            allowed=f"One shopper may have {DESIGNS_MAX}.",
            next_step="Take some out: POST /v1/studio/designs/remove.",
        )
    design = KeptDesign(
        design_id=design_id,
        shopper=shopper,
        told_as=request.shopper or "",
        product_id=request.product_id,
        template=printed.name,
        made_from=made_from,
        file=DESIGNS.keep(folder, design_id, content, name),
        placement=_placed(placement),
        time_ms=time.time_ns() // 1_000_000,
    )
    folder.store.designs.add(design)
    return _answer(shop, design, picture, started, own_photo=request.own_photo)


def show_design(shop: OpenShop, request: DesignRequest) -> CustomiseAnswer:
    """A design as it is now. Raises `DesignUnknown`."""
    started = time.perf_counter()
    shopper = shop.profile(request.shopper) if request.shopper else None
    design = design_named(shop, request.design_id, shopper)
    return _answer(shop, design, picture_of(shop, design), started)


def remove_designs(shop: OpenShop, request: DesignRemoval) -> DesignsRemoved:
    """Take a shopper's designs out, with their pictures; those that were ordered stay."""
    shopper = shop.profile(request.shopper)
    gone = shop.store.designs.remove(shopper, list(request.design_ids))
    DESIGNS.discard(shop.folder, (design.file for design in gone))
    return DesignsRemoved(shopper=shopper, removed=[design.design_id for design in gone])


def print_info(printed: Printed, size: tuple[int, int], placement: Placement) -> PrintInfo:
    """What the print file will be."""
    sides = (printed.width_mm, printed.height_mm)
    width_px, height_px = (round((side + 2 * printed.bleed_mm) * DPI / 25.4) for side in sides)
    return PrintInfo(
        width_mm=printed.width_mm,
        height_mm=printed.height_mm,
        bleed_mm=printed.bleed_mm,
        safe_mm=printed.safe_mm,
        shape=printed.shape,
        width_px=width_px,
        height_px=height_px,
        file_dpi=DPI,
        picture_dpi=round(dpi_of(size, printed, placement), 1),
        least_dpi=printed.least_dpi,
    )


def _picture(
    request: CustomiseRequest, longest_s: float | None, progress: Progress
) -> tuple[bytes, str, Literal["picture", "song"]]:
    """The picture file that came or that a song becomes, what messages call it, and which of the two it is."""
    if request.picture is not None:
        return request.picture.content, request.picture.name, "picture"
    assert request.song is not None
    from bottega.models.studio.songs.song import seconds_of
    from bottega.models.studio.songs.song_art import painted

    content, name = request.song.content, request.song.name
    if longest_s is not None and (seconds := seconds_of(content, name)) > longest_s:
        raise SoundRefused(
            f"{name or 'The song'} is {seconds / 60:.0f} minutes long.",
            allowed=f"One answer takes songs up to {longest_s / 60:.0f} minutes.",
            next_step="Send it to POST /v1/studio/customise/song: a job listens to it and tells how far it is.",
        )
    return painted(content, name, progress=progress), name, "song"


def _laid_otherwise(shop: OpenShop, request: CustomiseRequest, design_id: str, placement: Placement) -> KeptDesign:
    shopper = shop.profile(request.shopper) if request.shopper else None
    design = design_named(shop, design_id, shopper)
    for name, said, is_ in (
        ("product_id", request.product_id, design.product_id),
        ("template", request.template, design.template),
    ):
        if said is not None and said != is_:
            raise RequestInvalid(
                f"Design {design_id!r} is of {name} {is_!r}, and the request says {said!r}.",
                next_step="Leave it out, or send the picture again for the other product.",
            )
    if shop.store.designs.ordered(design_id):
        raise RequestInvalid(
            f"Design {design_id!r} was ordered and is being printed.",
            allowed="A design can be laid otherwise until a purchase names it.",
            next_step="Send the picture again for a new design.",
        )
    return shop.store.designs.place(design, _placed(placement))


def _placed(placement: Placement) -> Placed:
    return {
        "fit": placement.fit,
        "scale": placement.scale,
        "x": placement.x,
        "y": placement.y,
        "rotate": placement.rotate,
    }


def _answer(
    shop: OpenShop, design: KeptDesign, picture: Image.Image, started: float, *, own_photo: bool = False
) -> CustomiseAnswer:
    printed, placement = PRINTED[design.template], Placement(**design.placement)
    product = shop.store.products.get([design.product_id]).get(design.product_id)
    shown = previews(picture, design.template, placement, dye_of(product))
    if own_photo and design.template == "t_shirt":
        seen = on_own_photo(shop, design.product_id, picture, printed, placement)
        shown |= {} if seen is None else {"photo": seen}
    said = said_of(shop, design)
    return CustomiseAnswer(
        design_id=design.design_id,
        product_id=design.product_id,
        template=design.template,
        made_from=design.made_from,
        shopper=design.shopper,
        placement=PlacementInfo(**design.placement),
        picture_width_px=picture.width,
        picture_height_px=picture.height,
        print=print_info(printed, picture.size, placement),
        warning=warning_of(picture.size, printed, placement),
        ordered=shop.store.designs.ordered(design.design_id),
        previews=[
            PreviewInfo(angle=angle, width_px=pixels.shape[1], height_px=pixels.shape[0], content=webp(pixels, said))
            for angle, pixels in shown.items()
        ],
        took_ms=round((time.perf_counter() - started) * 1000, 3),
    )
