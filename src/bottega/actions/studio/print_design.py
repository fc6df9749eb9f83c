"""Print a design: the file for the printer, and a proof for whoever looks before it is printed."""

from __future__ import annotations

from bottega.actions.studio.customise import print_info
from bottega.actions.studio.designs import design_named, picture_of
from bottega.actions.studio.shapes import PrintAnswer, PrintRequest
from bottega.errors import RequestInvalid
from bottega.models.studio.prints.print_on import Placement, print_file, proof
from bottega.models.studio.prints.printed import PRINTED
from bottega.shop.open_shop import OpenShop

__all__ = ["print_design"]


def print_design(shop: OpenShop, request: PrintRequest) -> PrintAnswer:
    """Write a design's print file and proof. Raises `DesignUnknown`; `RequestInvalid` where nothing can be written."""
    design = design_named(shop, request.design_id)
    picture = picture_of(shop, design)
    printed, placement = PRINTED[design.template], Placement(**design.placement)
    made = print_file(picture, printed, placement)
    file, looked_at = (request.out / f"{design.design_id}-{what}.png" for what in ("print", "proof"))
    try:
        request.out.mkdir(parents=True, exist_ok=True)
        file.write_bytes(made.content)
        proof(picture, printed, placement).save(looked_at)
    except OSError as error:
        raise RequestInvalid(
            f"{request.out} cannot be written to: {error.strerror}.", next_step="Name another folder."
        ) from error
    return PrintAnswer(
        design_id=design.design_id,
        product_id=design.product_id,
        print_file=file,
        proof=looked_at,
        print=print_info(printed, picture.size, placement),
        warning=made.warning,
    )
