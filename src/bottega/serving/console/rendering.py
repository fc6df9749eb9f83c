"""Templates of the console: what every one of them may call, and how numbers, money and moments are written.

What a template names and no page gave it is an error at once, never a blank. Everything is escaped.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from babel.dates import format_timedelta
from babel.numbers import format_currency, format_decimal, format_percent
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from bottega.names import Role
from bottega.prices import exponent
from bottega.shop.doors.sessions import csrf_token_of
from bottega.shop.shop_name import shop_name

if TYPE_CHECKING:
    from bottega.serving.console.frame import Visit
    from bottega.serving.console.pages import ConsolePage

__all__ = ["BACK", "CSRF", "HEADERS", "bare_page", "render"]

CSRF, BACK = "csrf", "back"
"""Fields of every form: the session's second token, and the page that the form stood on."""
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' http: https: data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": _POLICY,
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
"""Of every page: only this server's own code runs, nothing is kept, and forms say where they stood to nobody else."""
_LOCALE = "en"
_VISIT: ContextVar[Visit] = ContextVar("console_visit")
_HELD: ContextVar[Mapping[str, str]] = ContextVar("console_held")
"""Of the page that is being made: who looks, and what a form held that is shown again."""


def render(template: str, visit: Visit, page: ConsolePage, **values: Any) -> str:
    """A page as text."""
    from bottega.serving.console.routes import navigation

    again = values.get("again")
    visits, helds = _VISIT.set(visit), _HELD.set(again.held if again else {})
    try:
        return (
            _environment()
            .get_template(template)
            .render(
                visit=visit,
                this=page,
                menu=navigation(visit.role),
                shop_name=shop_name(visit.shop.folder),
                csrf=_csrf(),
                **values,
            )
        )
    finally:
        _VISIT.reset(visits)
        _HELD.reset(helds)


def bare_page(root: str, title: str, error: Any, back: str) -> str:
    """A page for somebody of whom nothing is known."""
    return _environment().get_template("bare.html").render(root=root, title=title, error=error, back=back)


@cache
def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("bottega.serving.console"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(url=_url, csrf_field=_csrf, may=_may, held=_held, picture_of=_picture_of, role_of=Role)
    made.filters.update(money=_money, amount=_amount, when=_when, clock=_clock, count=_count, percent=_percent)
    return made


def _url(path: str, **fields: Any) -> str:
    return _VISIT.get().url(path, **fields)


def _may(role: str) -> bool:
    return _VISIT.get().may(Role(role))


def _csrf() -> Markup:
    """The hidden fields of a form."""
    visit = _VISIT.get()
    token = csrf_token_of(visit.token) if visit.token else ""
    hidden = Markup('<input type="hidden" name="{}" value="{}">')
    return hidden.format(CSRF, token) + hidden.format(BACK, visit.here)


def _held(name: str, value: Any) -> Any:
    """What a field shows: what it held where its form is shown again, else its value."""
    return _HELD.get().get(name, "" if value is None else value)


def _picture_of(product: Any, width: int) -> str | None:
    """Address of a product's first picture: on the web as it is, of the shop's own folder through the console, as a
    thumbnail of `width` pixels."""
    images = product if isinstance(product, str) else _of(product, "image") or _of(product, "images")
    path = images if isinstance(images, str) else next(iter(images or ()), None)
    if not path:
        return None
    if path.startswith(("http://", "https://")):
        return path
    root = _VISIT.get().root
    if root and path.startswith(f"{root}/"):
        path = path[len(root) :]
    return f"{root}/console/picture?path={quote(path.removeprefix('/images/').lstrip('/'), safe='')}&w={width}"


def _of(product: Any, name: str) -> Any:
    return product.get(name) if isinstance(product, Mapping) else getattr(product, name, None)


def _money(minor: float | None, currency: str | None = None) -> str:
    """Minor units as a price, in the shop's currency where none is named."""
    if minor is None:
        return "–"
    code = currency or _VISIT.get().shop.settings.currency
    return format_currency(minor / 10 ** exponent(code), code, locale=_LOCALE)


def _amount(major: float | None, currency: str | None = None) -> str:
    """Major units, as verbs that add up what was sold tell them, in the shop's currency where none is named."""
    if major is None:
        return "–"
    return format_currency(major, currency or _VISIT.get().shop.settings.currency, locale=_LOCALE)


def _count(number: float | None, digits: int = 0) -> str:
    if number is None:
        return "–"
    shown = round(number, digits) if digits else round(number)
    return format_decimal(shown, locale=_LOCALE, decimal_quantization=False)


def _percent(share: float | None, digits: int = 1) -> str:
    if share is None:
        return "–"
    pattern = "#,##0" + (f".{'#' * digits}" if digits else "") + "%"
    return format_percent(share, pattern, locale=_LOCALE)


def _when(moment: Any) -> Markup:
    """How long ago, or in how long; the exact moment, on the shop's clock, when pointed at and to machines."""
    at = _moment(moment)
    if at is None:
        return Markup("–")
    local = at.astimezone(_VISIT.get().shop.settings.zone)
    words = format_timedelta(at - datetime.now(UTC), add_direction=True, locale=_LOCALE, threshold=1.0)
    return Markup('<time datetime="{}" title="{}">{}</time>').format(
        at.isoformat(timespec="seconds"), f"{local:%a %d %b %Y, %H:%M} {local.tzname() or ''}".strip(), words
    )


def _clock(moment: Any) -> Markup:
    """The time of day on the shop's clock, with its date where that is not today."""
    at = _moment(moment)
    if at is None:
        return Markup("–")
    zone = _VISIT.get().shop.settings.zone
    local = at.astimezone(zone)
    words = f"{local:%H:%M}" if local.date() == datetime.now(zone).date() else f"{local:%d %b, %H:%M}"
    return Markup('<time datetime="{}">{}</time>').format(at.isoformat(timespec="seconds"), words)


def _moment(moment: Any) -> datetime | None:
    """Of ISO 8601, milliseconds since 1970, or a moment itself."""
    if moment in (None, ""):
        return None
    if isinstance(moment, int | float):
        return datetime.fromtimestamp(moment / 1000, UTC)
    found = moment if isinstance(moment, datetime) else datetime.fromisoformat(str(moment))
    return found if found.tzinfo else found.replace(tzinfo=UTC)
