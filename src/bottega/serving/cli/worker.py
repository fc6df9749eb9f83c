"""`bottega worker`: work off the shop's jobs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bottega.serving.cli.console import guard, say
from bottega.serving.cli.options import ShopFolder

__all__ = ["worker"]


def worker(
    once: Annotated[bool, typer.Option("--once", help="End when nothing waits.")] = False,
    shop: ShopFolder = Path(),
) -> None:
    """Work off jobs until told to stop; the job under way is handed back then."""
    from bottega.log import log_as_json
    from bottega.serving.worker import work_until_told
    from bottega.shop.folder import ShopFolder

    with guard(), ShopFolder.open(shop) as opened:
        log_as_json()
        taken = work_until_told(opened, once=once)
    say(f"{taken:,} jobs taken up.")
