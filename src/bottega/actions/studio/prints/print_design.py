"""Print a design: the file for the printer, and a proof for whoever looks before it is printed; sent, or written."""

from __future__ import annotations

from io import BytesIO

from bottega.actions.studio.prints.customise import print_info
from bottega.actions.studio.prints.designs import design_named, picture_of, said_of
from bottega.actions.studio.prints.shapes import PrintAnswer, PrintFilesAnswer, PrintFilesRequest, PrintRequest
from bottega.datasets.photos.provenance import SourceType, composed_with, marked
from bottega.errors import RequestInvalid
from bottega.models.studio.prints.print_on import Placement, print_file, proof
from bottega.models.studio.prints.printed import PRINTED
from bottega.shop.open_shop import OpenShop

__all__ = ["print_design", "print_files"]


def print_files(shop: OpenShop, request: PrintFilesRequest) -> PrintFilesAnswer:
    """A design's print file and proof. Raises `DesignUnknown`."""
    design = design_named(shop, request.design_id)
    picture = picture_of(shop, design)
    printed, placement = PRINTED[design.template], Placement(**design.placement)
    made, looked_at, said = print_file(picture, printed, placement), BytesIO(), said_of(shop, design)
    proof(picture, printed, placement).save(looked_at, "PNG")
    return PrintFilesAnswer(
        design_id=design.design_id,
        product_id=design.product_id,
        print_file=marked(made.content, said or SourceType.COMPOSED),
        proof=marked(looked_at.getvalue(), composed_with(said)),
        print=print_info(printed, picture.size, placement),
        warning=made.warning,
    )


def print_design(shop: OpenShop, request: PrintRequest) -> PrintAnswer:
    """Write a design's print file and proof. Raises `DesignUnknown`; `RequestInvalid` where nothing can be written."""
    made = print_files(shop, PrintFilesRequest(design_id=request.design_id))
    file, looked_at = (request.out / f"{made.design_id}-{what}.png" for what in ("print", "proof"))
    try:
        request.out.mkdir(parents=True, exist_ok=True)
        file.write_bytes(made.print_file)
        looked_at.write_bytes(made.proof)
    except OSError as error:
        raise RequestInvalid(
            f"{request.out} cannot be written to: {error.strerror}.", next_step="Name another folder."
        ) from error
    return PrintAnswer(
        design_id=made.design_id,
        product_id=made.product_id,
        print_file=file,
        proof=looked_at,
        print=made.print,
        warning=made.warning,
    )
