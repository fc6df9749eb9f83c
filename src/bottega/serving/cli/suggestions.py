"""`bottega suggestions`: what the eye proposes for products, to accept or to reject."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from bottega.serving.cli.console import EXIT_NOTHING_DONE, guard, note, say
from bottega.serving.cli.options import Count, ShopFolder, n_of

__all__ = ["accept", "app", "list_", "reject", "undo"]

app = typer.Typer(help="What is suggested for products: values and texts.", no_args_is_help=True)

Numbers = Annotated[list[int] | None, typer.Argument(help="Numbers of suggestions, as the list shows them.")]
Above = Annotated[float | None, typer.Option(min=0, max=1, help="Every open one at least this sure.")]
Kind = Annotated[
    str | None,
    typer.Option(help="Only fill (empty attributes), doubt (labels that look wrong) or text (written from facts)."),
]


Products = Annotated[list[str] | None, typer.Option("--product", help="Only for these products.")]
Attribute = Annotated[str | None, typer.Option(help="Only for this attribute, as in color.")]
Value = Annotated[str | None, typer.Option(help="Only this value, as it is suggested.")]
Below = Annotated[float | None, typer.Option(min=0, max=1, help="Only what is less sure than this.")]


@app.command("list")
def list_(
    state: Annotated[str, typer.Option(help="open, accepted, rejected or withdrawn.")] = "open",
    kind: Kind = None,
    product: Products = None,
    attribute: Attribute = None,
    value: Value = None,
    above: Above = None,
    below: Below = None,
    batch: Annotated[int | None, typer.Option(min=1, help="Only what this decision decided.")] = None,
    n: Annotated[int | None, typer.Option("--n", min=1, max=1000, help="At most so many; 50 where absent.")] = None,
    count: Count = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the page as one JSON object.")] = False,
    shop: ShopFolder = Path(),
) -> None:
    """Show suggestions, the surest first."""
    from rich.console import Console
    from rich.table import Table

    from bottega.actions.vision.shapes import SuggestionQuery
    from bottega.actions.vision.suggestions import list_suggestions
    from bottega.shop.open_shop import OpenShop

    with guard(), OpenShop.open(shop) as opened:
        meant = _meant(kind, product, attribute, value, above, below)
        request = SuggestionQuery.model_validate(
            {"state": state, "batch": batch, "n": n_of(n, count) or 50, **meant},
        )
        page = list_suggestions(opened, request)
    if as_json:
        typer.echo(page.model_dump_json(indent=2))
        return
    table = Table(box=None, highlight=False)
    decided = page.suggestions and page.suggestions[0].state != "open"
    for column in ("number", "product", "title", "attribute", "says", "suggested", "sure", *["batch"] * bool(decided)):
        table.add_column(column, justify="right" if column in ("number", "sure", "batch") else "left")
    for one in page.suggestions:
        cells = (one.product_id, one.title, one.attribute, one.present or "", one.value)
        whole = [str(one.batch or "")] if decided else []
        table.add_row(str(one.number), *cells, f"{one.confidence:.0%}", *whole)
    Console(highlight=False, markup=False).print(table)
    say(", ".join(f"{number:,} {name}" for name, number in page.counts.items()) or "There are none.")


@app.command()
def accept(
    numbers: Numbers = None,
    above: Above = None,
    below: Below = None,
    kind: Kind = None,
    product: Products = None,
    attribute: Attribute = None,
    value: Value = None,
    shop: ShopFolder = Path(),
) -> None:
    """Write suggested values into their products."""
    _decide("accept", numbers or [], _meant(kind, product, attribute, value, above, below), shop)


@app.command()
def reject(
    numbers: Numbers = None,
    above: Above = None,
    below: Below = None,
    kind: Kind = None,
    product: Products = None,
    attribute: Attribute = None,
    value: Value = None,
    shop: ShopFolder = Path(),
) -> None:
    """Turn suggestions down, for good."""
    _decide("reject", numbers or [], _meant(kind, product, attribute, value, above, below), shop)


@app.command()
def undo(
    numbers: Numbers = None,
    batch: Annotated[int | None, typer.Option(min=1, help="All of one decision; accepting said its number.")] = None,
    state: Annotated[str | None, typer.Option(help="All that were accepted, or rejected, of those meant.")] = None,
    kind: Kind = None,
    product: Products = None,
    attribute: Attribute = None,
    value: Value = None,
    above: Above = None,
    below: Below = None,
    shop: ShopFolder = Path(),
) -> None:
    """Take decisions back: products say again what they said before."""
    from bottega.actions.verbs import verb
    from bottega.actions.vision.shapes import DecisionRequest
    from bottega.shop.open_shop import OpenShop

    with guard(), OpenShop.open(shop) as opened:
        meant = _meant(kind, product, attribute, value, above, below)
        asked = {"decision": "undo", "numbers": numbers or [], "batch": batch, "state": state, **meant}
        answer = verb("decide_suggestions").run_by(opened, DecisionRequest.model_validate(asked))
    for one in [*answer.left, *answer.kept]:
        note(f"{one.number}: {one.why}")
    say(
        f"{answer.decided:,} decisions undone, {answer.written:,} products changed back, {len(answer.kept):,} keep a "
        f"value of their own, {len(answer.left):,} left as they are."
    )
    if not answer.decided:
        raise typer.Exit(EXIT_NOTHING_DONE)


def _meant(
    kind: str | None,
    product: list[str] | None,
    attribute: str | None,
    value: str | None,
    above: float | None,
    below: float | None,
) -> dict[str, Any]:
    """Which suggestions are meant, as requests say it."""
    said = {"kind": kind, "product_ids": product or None, "attribute": attribute, "value": value}
    return {**said, "above": above, "below": below}


def _decide(decision: str, numbers: list[int], meant: dict[str, Any], shop: Path) -> None:
    from bottega.actions.verbs import verb
    from bottega.actions.vision.shapes import DecisionRequest
    from bottega.shop.open_shop import OpenShop

    with guard(), OpenShop.open(shop) as opened:
        asked = {"decision": decision, "numbers": numbers, **meant}
        answer = verb("decide_suggestions").run_by(opened, DecisionRequest.model_validate(asked))
    for left in answer.left:
        note(f"{left.number}: {left.why}")
    written = f", {answer.written:,} products changed" if decision == "accept" else ""
    say(f"{answer.decided:,} suggestions {decision}ed{written}, {len(answer.left):,} left as they are.")
    if answer.batch is not None:
        say(f"This was decision {answer.batch}: `bottega suggestions undo --batch {answer.batch}` takes it back.")
    if not answer.decided:
        raise typer.Exit(EXIT_NOTHING_DONE)
