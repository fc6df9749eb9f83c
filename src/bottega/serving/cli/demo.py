"""`bottega demo`: a shop to look at, from nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bottega.serving.cli.console import bar, guard, say
from bottega.serving.cli.options import Device

__all__ = ["demo"]


def demo(
    shop: Annotated[Path, typer.Option("--shop", help="Folder of the demo shop; made where it is absent.")] = Path(
        "demo-shop"
    ),
    host: Annotated[str | None, typer.Option(help="Address to listen on; the setting `host` where absent.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; the setting `port` where absent.")] = None,
    device: Device = "auto",
    serve: Annotated[bool, typer.Option(help="Open the storefront when all is ready.")] = True,
) -> None:
    """Draw a demo shop, simulate its shoppers, import, train, judge, and open its storefront."""
    from bottega.actions.demo.prepare_demo import EVALUATION, DemoRequest, demo_folder, prepare_demo
    from bottega.serving.cli.evaluate import show_evaluation
    from bottega.serving.cli.import_report import show_catalogue, show_events
    from bottega.shop.open_shop import OpenShop

    with guard():
        with OpenShop.open(demo_folder(shop)) as opened, bar() as progress:
            if serve:  # before minutes of work, not after them
                from bottega.serving.cli import server

                of_server = opened.folder.server
                server.check_free(host or of_server.host, of_server.port if port is None else port)
            report = prepare_demo(opened, DemoRequest(device=device), progress=progress)
        if report.catalogue and report.events:
            show_catalogue(report.catalogue)
            show_events(report.events)
        if report.evaluation:
            show_evaluation(report.evaluation)
            say(f"The same with charts: {shop / EVALUATION}")
        if report.run:
            say(f"Trained {report.run.name} on {report.run.events_seen:,} events in {report.run.seconds:.0f} s.")
        else:
            say(f"The demo shop in {shop} is ready from before; delete the folder to make it anew.")
        if serve:
            server.serve(shop, host=host, port=port)
