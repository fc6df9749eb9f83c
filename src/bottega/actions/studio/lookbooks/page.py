"""The page of a lookbook: plain HTML without scripts, which opens from its folder as well as from a server."""

from __future__ import annotations

from html import escape

from bottega.actions.studio.lookbooks.shapes import Lookbook, ShownLook
from bottega.languages.talking import Talking, said_in

__all__ = ["lookbook_html"]

_STYLE = """
:root { color-scheme: light dark; --paper: #faf8f4; --sheet: #fff; --ink: #23211d; --soft: #6a655b; --line: #e4ded2; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #171614; --sheet: #201f1c; --ink: #f0ece3; --soft: #aaa396; --line: #37342e; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 76rem; margin: 0 auto; padding: 5vh 20px; }
h1, h2 { font-family: Palatino, Georgia, serif; line-height: 1.2; }
.mark, .soft { color: var(--soft); }
.looks { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 20rem), 1fr)); gap: 28px;
  list-style: none; padding: 0; }
.look { background: var(--sheet); border: 1px solid var(--line); border-radius: 16px; overflow: hidden; }
.look img { display: block; width: 100%; height: auto; }
.look div { padding: 6px 18px 18px; }
.look ul { padding-left: 1.1em; margin: 8px 0 0; }
.look li { margin-bottom: 6px; overflow-wrap: anywhere; }
.why { display: block; color: var(--soft); font-size: .9rem; }
@media print { .look { break-inside: avoid; } }
"""


def lookbook_html(made: Lookbook, shop: str) -> str:
    """The page; pictures lie beside it."""
    words = said_in("sharing", made.language)
    title = escape(words.say("lookbook.title", seed="", shop=shop))
    looks = "\n".join(_look(look, words) for look in made.looks)
    return (
        f'<!doctype html>\n<html lang="{made.language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n"
        f'<p class="mark">{escape(words.say("lookbook.mark", seed=""))}</p>\n<ol class="looks">\n{looks}\n</ol>\n'
        "</main>\n</body>\n</html>\n"
    )


def _look(look: ShownLook, words: Talking) -> str:
    head = escape(words.say("lookbook.look", seed="", n=str(look.number)))
    worn = escape(words.say("lookbook.worn", seed="", model=look.model.capitalize()))
    alt = escape(words.say("alt", seed="", titles=", ".join(piece.title for piece in look.pieces)), quote=True)
    pieces = "".join(
        f"<li><b>{escape(piece.title)}</b> {escape(piece.price)}"
        f'<span class="why">{escape(" ".join(piece.reasons))}</span></li>'
        for piece in look.pieces
    )
    return (
        f'<li class="look"><img src="{look.picture}" alt="{alt}" loading="lazy"><div><h2>{head}</h2>'
        f'<p class="soft">{worn}</p><ul>{pieces}</ul></div></li>'
    )
