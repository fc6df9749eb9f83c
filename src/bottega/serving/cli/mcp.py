"""`bottega mcp`: the shop's verbs as tools for agents of others."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bottega.errors import NotReady
from bottega.serving.cli.console import guard, note, say
from bottega.serving.cli.options import ShopFolder

__all__ = ["mcp"]


def mcp(
    http: Annotated[
        bool, typer.Option("--http", help="Answer over HTTP at /mcp, not over this command's pipes.")
    ] = False,
    host: Annotated[str, typer.Option(help="With --http: address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65_535, help="With --http: port to listen on.")] = 8001,
    shop: ShopFolder = Path(),
) -> None:
    """Let an agent search, compare and ask in this shop: tools that read, over the Model Context Protocol."""
    from bottega.log import log_as_json
    from bottega.shop.open_shop import OpenShop

    with guard():
        try:
            from bottega.serving.mcp.server import agents_app, serve_pipes
        except ModuleNotFoundError as error:
            if error.name not in ("mcp", "mcp_types"):
                raise
            raise NotReady(
                "The library `mcp`, with which Bottega speaks to agents, is not installed.",
                allowed="It is an extra, so that shops without agents need not have it.",
                next_step="Install it: pip install 'bottega[mcp]'.",
            ) from error
        log_as_json("warning")
        if http:
            import uvicorn

            from bottega.serving.cli.server import check_free

            check_free(host, port)
            with OpenShop.open(shop) as opened:
                opened.warm()
                if not opened.settings.require_key and host not in ("127.0.0.1", "localhost", "::1"):
                    note("require_key is false and the address is not this machine's own: any agent may read.")
                say(f"Tools for agents at http://{host}:{port}/mcp; Ctrl+C ends it.")
                uvicorn.run(agents_app(opened, host), host=host, port=port, log_level="warning")
            return
        import anyio

        with OpenShop.open(shop) as opened:
            opened.warm()
            anyio.run(serve_pipes, opened)
