"""A letter as plain text and as simple HTML: no script, no style sheet, no picture but the products'."""

from __future__ import annotations

from html import escape

from bottega.actions.messages.shapes import Letter, LetterProduct
from bottega.models.wording.letter_words import LetterWords

__all__ = ["as_html", "as_text"]

_PICTURE_PX = 160


def as_text(letter: Letter, words: LetterWords, shop: str) -> str:
    """The whole letter, paragraphs apart."""
    parts = [letter.greeting, letter.lead]
    for one in letter.products:
        lines = [one.title if not one.price else f"{one.title}, {one.price}", one.about]
        lines += [reason.text for reason in one.reasons]
        lines += [one.url or ""]
        parts.append("\n".join(line for line in lines if line))
    parts.append(f"-- \n{words.say('why', shop=shop)}\n{words.say('unsubscribe')}: {letter.unsubscribe_url}")
    return "\n\n".join(parts) + "\n"


def as_html(letter: Letter, words: LetterWords, shop: str) -> str:
    """The same, with pictures and links."""
    products = "\n".join(_product(one, words) for one in letter.products)
    return (
        f'<!doctype html>\n<html lang="{escape(letter.language)}">\n<head><meta charset="utf-8">'
        f"<title>{escape(letter.subject)}</title></head>\n"
        '<body style="font-family: sans-serif; max-width: 40em; margin: 1em auto; padding: 0 1em">\n'
        f"<p>{escape(letter.greeting)}</p>\n<p>{escape(letter.lead)}</p>\n{products}\n"
        f"<hr>\n<p><small>{escape(words.say('why', shop=shop))} "
        f'<a href="{escape(letter.unsubscribe_url)}">{escape(words.say("unsubscribe"))}</a></small></p>\n'
        "</body>\n</html>\n"
    )


def _product(one: LetterProduct, words: LetterWords) -> str:
    title = escape(one.title)
    link = f'<a href="{escape(one.url)}">{title}</a>' if one.url else title
    lines = [f"<h2>{link}</h2>"]
    if one.image:
        lines.append(f'<p><img src="{escape(one.image)}" alt="{title}" width="{_PICTURE_PX}"></p>')
    if one.price:
        lines.append(f"<p><strong>{escape(one.price)}</strong></p>")
    if one.about:
        lines.append(f"<p>{escape(one.about)}</p>")
    lines += [f"<p>{escape(reason.text)}</p>" for reason in one.reasons]
    if one.url:
        lines.append(f'<p><a href="{escape(one.url)}">{escape(words.say("look"))}</a></p>')
    return "\n".join(lines)
