"""`bottega worker`: work off the shop's jobs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bottega.serving.cli.console import guard, say
from bottega.serving.cli.options import ShopFolder, ShopsFolderOption, means_all

__all__ = ["worker"]


def worker(
    context: typer.Context,
    once: Annotated[bool, typer.Option("--once", help="End when nothing waits.")] = False,
    shops: ShopsFolderOption = None,
    shop: ShopFolder = Path(),
) -> None:
    """Work off jobs until told to stop, of one shop or of all in a shops folder; the job under way is handed back."""
    from bottega.log import log_as_json
    from bottega.serving.worker import work_all_until_told, work_until_told
    from bottega.shop.folder import ShopFolder
    from bottega.shop.shops_folder import ShopsFolder

    with guard():
        if (folder := means_all(context, shops)) is not None:
            several = ShopsFolder.open(folder)
            log_as_json()
            taken = work_all_until_told(several, once=once)
        else:
            with ShopFolder.open(shop) as opened:
                log_as_json()
                taken = work_until_told(opened, once=once)
    say(f"{taken:,} jobs taken up.")
