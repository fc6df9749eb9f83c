"""`bottega messages`: letters to shoppers, looked at, sent, counted."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bottega.serving.cli.console import EXIT_NOTHING_DONE, bar, guard, note, say
from bottega.serving.cli.options import ShopFolder

__all__ = ["app"]

app = typer.Typer(no_args_is_help=True, help="Letters to shoppers who agreed to them.")
Json = Annotated[bool, typer.Option("--json", help="Print the answer of the API as JSON.")]


@app.command()
def preview(
    shopper: Annotated[str, typer.Argument(help="Shopper id, anonymous id or session id.", show_default=False)],
    kind: Annotated[str, typer.Option(help="cart, back, price, again, next or welcome.")] = "cart",
    as_json: Json = False,
    shop: ShopFolder = Path(),
) -> None:
    """Show the letter of one kind that a shopper would get; nothing is sent."""
    from bottega.actions.messages.preview import preview_message
    from bottega.actions.messages.shapes import PreviewRequest
    from bottega.shop.open_shop import OpenShop

    with guard(), OpenShop.open(shop) as opened:
        answer = preview_message(opened, PreviewRequest.model_validate({"shopper": shopper, "kind": kind}))
    if as_json:
        typer.echo(answer.model_dump_json(indent=2))
    elif answer.letter is not None:
        say(f"Subject: {answer.letter.subject}")
        say("")
        say(answer.letter.text.rstrip())
        note("It would go out now." if answer.due else f"It would not go out now: {answer.why_not}.")
    if answer.letter is None:
        note(f"There is nothing to write to {answer.shopper} about ({answer.kind}).")
        raise typer.Exit(EXIT_NOTHING_DONE)


@app.command()
def send(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say who would be written to, and send nothing.")] = False,
    as_json: Json = False,
    shop: ShopFolder = Path(),
) -> None:
    """Write to everybody who agreed and is due a letter now."""
    from bottega.actions.messages.send import send_messages
    from bottega.actions.messages.shapes import SendRequest
    from bottega.shop.open_shop import OpenShop

    with guard(), bar() as progress, OpenShop.open(shop) as opened:
        answer = send_messages(opened, SendRequest(dry_run=dry_run), progress=progress)
    if as_json:
        typer.echo(answer.model_dump_json(indent=2))
    else:
        for one in answer.letters:
            say(f"{one.result}  {one.kind}  {one.shopper}: {one.subject}{f' ({one.error})' if one.error else ''}")
        for reason, count in answer.held_back.items():
            note(f"Not written to, {reason}: {count:,}")
        done = sum(one.result in ("sent", "would_send") for one in answer.letters)
        say(f"{done:,} letters {'would be sent' if dry_run else 'sent'}; {answer.shoppers:,} shoppers agreed.")
    if any(one.result == "failed" for one in answer.letters):
        raise typer.Exit(1)


@app.command()
def report(
    days: Annotated[int, typer.Option(help="Of the last so many days.", min=1)] = 30,
    as_json: Json = False,
    shop: ShopFolder = Path(),
) -> None:
    """Say what letters led to: how many were opened by a link, and what was bought."""
    from bottega.actions.messages.send import letters_sent
    from bottega.actions.messages.shapes import LettersRequest
    from bottega.shop.open_shop import OpenShop

    with guard(), OpenShop.open(shop) as opened:
        answer = letters_sent(opened, LettersRequest(days=days))
    if as_json:
        typer.echo(answer.model_dump_json(indent=2))
        return
    if not answer.kinds:
        note(f"No letter was sent in the last {days} days.")
    for one in answer.kinds:
        led_to = f"{one.clicked:,} led to something, {one.purchased:,} to {one.purchases:,} purchases"
        say(f"{one.kind}: {one.sent:,} sent, {led_to}")
