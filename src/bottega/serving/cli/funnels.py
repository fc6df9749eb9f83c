"""`bottega funnels` and `bottega cohorts`: what became of what was shown, and who came back to buy again."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from bottega.serving.cli.console import guard, note, say
from bottega.serving.cli.options import ShopFolder
from bottega.serving.cli.verbs import show

__all__ = ["cohorts", "funnels"]

Csv = Annotated[Path | None, typer.Option("--csv", help="Write the rows there.", show_default=False)]
Json = Annotated[bool, typer.Option("--json", help="Print the answer of the API as JSON.")]


def funnels(
    by: Annotated[str, typer.Option(help="placement, strategy, segment, week or rule.")] = "placement",
    days: Annotated[int, typer.Option(help="Days up to now.")] = 28,
    window_days: Annotated[int, typer.Option(help="Days after a click that belong to it.")] = 7,
    n: Annotated[int, typer.Option("--n", help="Rows at most.")] = 60,
    to_csv: Csv = None,
    as_json: Json = False,
    shop: ShopFolder = Path(),
) -> None:
    """What became of what lists showed: seen, clicked, carted, bought."""
    from bottega.actions.proof.funnel_shapes import FunnelsRequest
    from bottega.actions.proof.funnels import funnels as ask
    from bottega.shop.open_shop import OpenShop

    with guard(), OpenShop.open(shop) as opened:
        asked = {"by": by, "days": days, "window_days": window_days, "n": n}
        answer = ask(opened, FunnelsRequest.model_validate(asked))
        rows = [row.model_dump() for row in answer.rows]
        if to_csv is not None:
            _write(to_csv, list(type(answer.total).model_fields), [list(row.values()) for row in rows])
    if as_json:
        typer.echo(answer.model_dump_json(indent=2))
        return
    told = answer.model_dump(mode="json")
    show({"rows": [*told["rows"], told["total"]]})
    say(
        f"Of {answer.came:,} shoppers who came in {days} days, {answer.looked:,} looked at a product, "
        f"{answer.carted:,} put one into the cart, and {answer.bought:,} bought."
    )


def cohorts(
    weeks: Annotated[int, typer.Option(help="Weeks up to this one, and weeks after each.")] = 12,
    to_csv: Csv = None,
    as_json: Json = False,
    shop: ShopFolder = Path(),
) -> None:
    """Who came back to buy again, by the week of the first purchase."""
    from bottega.actions.proof.funnel_shapes import CohortsRequest
    from bottega.actions.proof.funnels import cohorts as ask
    from bottega.shop.open_shop import OpenShop

    with guard(), OpenShop.open(shop) as opened:
        answer = ask(opened, CohortsRequest(weeks=weeks))
        heads = ["week", "shoppers", "ever", *(f"week_{number}" for number in range(1, weeks + 1))]
        if to_csv is not None:
            _write(to_csv, heads, [[row.week, row.shoppers, row.ever, *row.returned] for row in answer.cohorts])
    if as_json:
        typer.echo(answer.model_dump_json(indent=2))
    elif not answer.cohorts:
        note("Nobody bought for the first time in these weeks.")
    else:
        for row in answer.cohorts:
            shares = " ".join("   ." if share is None else f"{share:4.0%}" for share in row.returned)
            say(f"{row.week}  {row.shoppers:>7,}  {row.ever:4.0%}  {shares}")
        note("First purchase in the week of, shoppers, bought again ever, and in each week after.")


def _write(path: Path, heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    from bottega.errors import InputError

    try:
        with path.open("w", newline="", encoding="utf-8") as stream:
            writer = csv.writer(stream)
            writer.writerow(heads)
            writer.writerows(["" if value is None else value for value in row] for row in rows)
    except OSError as error:
        raise InputError(
            f"The file {path} cannot be written: {error.strerror}.", next_step="Name a file that you may write to."
        ) from error
    note(f"Written to {path}.")
