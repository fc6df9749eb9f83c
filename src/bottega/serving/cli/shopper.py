"""`bottega shopper`: what the shop was told of one shopper, and what they agreed to."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bottega.serving.cli.console import guard, note, say
from bottega.serving.cli.options import ShopFolder
from bottega.texts import plain_fault, sentence, shown

if TYPE_CHECKING:
    from bottega.actions.shoppers.shopper import KnownShopperAnswer

__all__ = ["app", "set_", "show"]

app = typer.Typer(help="What the shop was told of one shopper.", no_args_is_help=True)
Shopper = Annotated[str, typer.Argument(help="Shopper id, anonymous id or session id.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the answer of the API.")]
Told = Annotated[str | None, typer.Option(show_default=False, help="Empty clears it.")]


@app.command("set")
def set_(
    shopper: Shopper,
    name: Told = None,
    language: Told = None,
    country: Told = None,
    birth_year: Told = None,
    age_band: Told = None,
    email: Told = None,
    email_opt_in: Told = None,
    consent: Annotated[
        list[str] | None, typer.Option(help="PURPOSE=yes, no or not_asked, as in personalisation=no; repeatable.")
    ] = None,
    consent_source: Annotated[str | None, typer.Option(help="Where they said so.")] = None,
    as_json: AsJson = False,
    shop: ShopFolder = Path(),
) -> None:
    """Tell who a shopper is and what they agreed to; what is not given stays."""
    from pydantic import ValidationError

    from bottega.actions.shoppers.shapes import TellShopperRequest
    from bottega.actions.verbs import verb
    from bottega.errors import RequestInvalid
    from bottega.shop.open_shop import OpenShop

    fields = {
        "name": name,
        "language": language,
        "country": country,
        "birth_year": birth_year,
        "age_band": age_band,
        "email": email,
        "email_opt_in": email_opt_in,
    }
    told: dict[str, Any] = {field: value or None for field, value in fields.items() if value is not None}
    if consent:
        told["consent"] = dict(one.partition("=")[::2] for one in consent)
    if consent_source:
        told["consent_source"] = consent_source
    with guard(), OpenShop.open(shop) as opened:
        try:
            request = TellShopperRequest.model_validate({"shopper": shopper, **told})
        except ValidationError as error:
            found = error.errors(include_url=False)[0]
            field = ".".join(str(part) for part in found["loc"]) or "shopper"
            raise RequestInvalid(
                f"{field} is {shown(found['input'])}.",
                allowed=sentence(plain_fault(found)),
                next_step="docs/shoppers.md has the fields.",
            ) from error
        answer = verb("tell_shopper").run_by(opened, request)
    _show(answer, as_json=as_json)


@app.command()
def show(shopper: Shopper, as_json: AsJson = False, shop: ShopFolder = Path()) -> None:
    """What the shop was told of a shopper, and when they were first and last seen."""
    from bottega.actions.shoppers.shapes import ShopperQuery
    from bottega.actions.shoppers.shopper import show_shopper
    from bottega.shop.open_shop import OpenShop

    with guard(), OpenShop.open(shop) as opened:
        answer = show_shopper(opened, ShopperQuery(shopper=shopper))
    _show(answer, as_json=as_json)


def _show(answer: KnownShopperAnswer, *, as_json: bool) -> None:
    if as_json:
        say(answer.model_dump_json())
        return
    table = answer.model_dump()
    consent = table.pop("consent")
    personal = table.pop("personal")
    for field, value in table.items():
        if value is not None:
            say(f"  {field:<13} {value}")
    for purpose, said in consent.items():
        where = f", {said['time']}" + (f", {said['source']}" if said["source"] else "") if said["time"] else ""
        say(f"  {purpose:<16} {said['given'].replace('_', ' ')}{where}")
    note("Answers are made from what they did." if personal else "Answers are a stranger's: no consent.")
