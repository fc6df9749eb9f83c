"""Products that a platform no longer has, known after a pull that saw everything it has.

Only those go that came from the platform: a shop may have others, by file or from its own programs. A product that came
in before its origin was kept is left as it is until something of it changes.
"""

from __future__ import annotations

from collections.abc import Set

from bottega.actions.connect.shapes import Pulled
from bottega.actions.intake.import_catalogue import CHUNK, VANISHED_MAX
from bottega.names import Availability
from bottega.shop.open_shop import OpenShop

__all__ = ["discontinue_vanished"]


def discontinue_vanished(
    shop: OpenShop, platform: str, there: Set[str], began_ms: int, pulled: Pulled, *, force: bool
) -> None:
    """Discontinue what came from the platform and is not `there`, the numbers of all its products; or say why not.

    What a webhook told since the pull began is newer than what was pulled.
    """
    begins = f"{platform}:"
    selling = 0
    vanished: list[str] = []
    for chunk in shop.store.products.iterate():
        for product in chunk:
            origin = product.source_row or ""
            if origin.startswith(begins) and product.availability is not Availability.DISCONTINUED:
                selling += 1
                if origin.removeprefix(begins) not in there and (product.updated_at_ms or 0) < began_ms:
                    vanished.append(product.id)
    if vanished and len(vanished) > VANISHED_MAX * selling and not force:
        pulled.held = (
            f"{len(vanished):,} of {selling:,} products that came from {platform} are no longer there, more than "
            f"{VANISHED_MAX:.0%}, so they were left as they are. If that is right, run it again with --again --force."
        )
        return
    for start in range(0, len(vanished), CHUNK):
        gone = shop.store.products.get(vanished[start : start + CHUNK]).values()
        shop.upsert([one.model_copy(update={"availability": Availability.DISCONTINUED}) for one in gone])
    pulled.discontinued += len(vanished)
