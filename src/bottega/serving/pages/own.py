"""Pages of the server itself, without scripts: where somebody lands who opens it, and what stands at no address."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, PackageLoader, Template, select_autoescape

from bottega import __version__

__all__ = ["landing_html", "nothing_here_html"]

_MANUAL = ("/docs", "Manual of the API", "Every route, what it takes and answers, and a form to try it.")
_CHECK = ("/check", "Check of the shop", "What is wrong with the data, how to mend it, and what works with them.")
_HEALTH = ("/v1/health", "State", "How many products and events there are, and how old the model is.")
_SHOWN_MAX = 200


def landing_html(root: str) -> str:
    """The page at `/` of a shop that shows no storefront."""
    return _template().render(
        title="Bottega is running",
        words=f"This server (version {__version__}) answers the shop's own pages and programs. There is nothing to buy "
        "here; these are its doors.",
        doors=[_MANUAL, _CHECK, _HEALTH],
        note="To look at the shop as a visitor would, put `storefront = true` into bottega.toml and start it again.",
        root=root,
    )


def nothing_here_html(path: str, root: str) -> str:
    """The page of an address that nothing stands at."""
    shown = path if len(path) <= _SHOWN_MAX else f"{path[:_SHOWN_MAX]} …"
    return _template().render(
        title="Nothing here",
        words=f"Nothing stands at {shown}. The address may be mistyped, or what was here has gone.",
        doors=[("/", "Start", "The first page of this server."), _MANUAL],
        note="",
        root=root,
    )


@cache
def _template() -> Template:
    loader = PackageLoader("bottega.serving.pages")
    return Environment(
        loader=loader, autoescape=select_autoescape(), trim_blocks=True, lstrip_blocks=True
    ).get_template("own.html")
