"""`bottega products`: change some fields of products that are there; verbs.py adds the other commands of the group."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from bottega.serving.cli.console import guard, note, say
from bottega.serving.cli.options import ShopFolder

__all__ = ["app"]

app = typer.Typer(help="Products of the catalogue: change, discontinue.", no_args_is_help=True)


@app.command()
def change(
    product_id: Annotated[str | None, typer.Argument(help="Id of the product.", show_default=False)] = None,
    fields: Annotated[
        list[str] | None,
        typer.Argument(
            help="What is new, as in price_minor=2990 availability=out_of_stock material=ash; null takes a field away.",
            show_default=False,
        ),
    ] = None,
    source: Annotated[
        Path | None, typer.Option("--from", help="JSON lines instead, a product each: its id and the fields to change.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")] = False,
    shop: ShopFolder = Path(),
) -> None:
    """Change some fields of a product, or of many; the rest of each stays as it is."""
    from bottega.actions.intake.shapes import ChangeRequest
    from bottega.actions.verbs import verb
    from bottega.errors import RequestInvalid
    from bottega.shop.open_shop import OpenShop

    with guard(), OpenShop.open(shop) as opened:
        if (source is None) == (product_id is None):
            raise RequestInvalid(
                "Nothing says what to change." if source is None else "Both a product and a file are named.",
                allowed="A product with its fields is named, or a file.",
                next_step="Write `bottega products change ID price_minor=2990`, or use --from FILE.",
            )
        rows = _rows(source) if source is not None else [_row(product_id or "", fields or [])]
        answer = verb("change_products").run_by(opened, ChangeRequest(products=rows))
    if as_json:
        typer.echo(answer.model_dump_json(indent=2))
    else:
        say(f"Changed {answer.changed:,} products, {answer.unchanged:,} were so already.")
        for one in (*answer.rejected, *answer.warnings):
            note(f"{rows[one.index].get('id', '?')}: {one.field} {one.seen!r}. {one.fix}")
    if answer.rejected:
        raise typer.Exit(1)


def _row(product_id: str, fields: list[str]) -> dict[str, Any]:
    """What is written on the line: fields of a product as they are, any other name as an attribute."""
    from bottega.catalogue.product import Product
    from bottega.errors import RequestInvalid

    row: dict[str, Any] = {"id": product_id}
    for one in fields:
        name, equals, text = one.partition("=")
        if not equals:
            raise RequestInvalid(
                f"{one!r} is no name with a value.",
                allowed="Fields are written name=value.",
                next_step="Write as in price_minor=2990, or brand=null to take the brand away.",
            )
        if name in Product.model_fields:
            row[name] = _value(text)
        else:
            value = _value(text)
            row.setdefault("attributes", {})[name] = value if value is None or isinstance(value, list) else [text]
    return row


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _rows(source: Path) -> list[Any]:
    from bottega.errors import SourceUnreadable

    try:
        lines = source.read_text(encoding="utf-8-sig").splitlines()
        return [json.loads(line) for line in lines if line.strip()]
    except (OSError, ValueError) as error:
        raise SourceUnreadable(
            f"{source} cannot be read: {error}.",
            allowed="It holds JSON lines: an object a line, with the id of a product and the fields to change.",
            next_step="Correct the file.",
        ) from error
