"""`bottega secrets`: what the shop shares with its own server and with platforms; kept encrypted."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from bottega.serving.cli.console import guard, note, say
from bottega.serving.cli.options import ShopFolder

__all__ = ["app"]

app = typer.Typer(help="The secrets that the shop shares: list, new, set, revoke.", no_args_is_help=True)
Purpose = Annotated[str, typer.Argument(help="What it is for, as in shopper-signature or shopify-webhook.")]
Json = Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")]


@app.command("list")
def list_(as_json: Json = False, shop: ShopFolder = Path()) -> None:
    """Show which secrets count, the newest first; never the secrets themselves."""
    from bottega.actions.running import secrets
    from bottega.shop.open_shop import OpenShop

    with guard(), OpenShop.open(shop) as opened:
        answer = secrets.list_secrets(opened, secrets.SecretsRequest())
    if as_json:
        typer.echo(answer.model_dump_json(indent=2))
        return
    for one in answer.secrets:
        say(f"{one.number}  {one.purpose}  (made {one.made_at})")
    if not answer.secrets:
        note(f"The shop keeps no secret. They are for {', '.join(secrets.PURPOSES)}.")


@app.command()
def new(purpose: Purpose, as_json: Json = False, shop: ShopFolder = Path()) -> None:
    """Make a secret and show it, this once; the one before counts until it is revoked."""
    from bottega.actions.running import secrets
    from bottega.shop.open_shop import OpenShop

    with guard(), OpenShop.open(shop) as opened:
        answer = secrets.new_secret(opened, secrets.NewSecretRequest(purpose=purpose))
    if as_json:
        typer.echo(answer.model_dump_json(indent=2))
        return
    say(str(answer.secret))
    note(f"Keep it now; it is not shown again. It is number {answer.number}, for {purpose}.")


@app.command("set")
def set_(purpose: Purpose, as_json: Json = False, shop: ShopFolder = Path()) -> None:
    """Keep a secret that a platform made: typed in unseen, or from standard input."""
    from bottega.actions.running import secrets
    from bottega.shop.open_shop import OpenShop

    text = typer.prompt("Secret", hide_input=True, err=True) if sys.stdin.isatty() else sys.stdin.readline()
    with guard(), OpenShop.open(shop) as opened:
        answer = secrets.set_secret(opened, secrets.SetSecretRequest(purpose=purpose, secret=text.strip()))
    if as_json:
        typer.echo(answer.model_dump_json(indent=2))
        return
    say(f"Kept as number {answer.number}, for {purpose}.")


@app.command()
def revoke(
    number: Annotated[int, typer.Argument(help="As `bottega secrets list` shows it.")],
    as_json: Json = False,
    shop: ShopFolder = Path(),
) -> None:
    """Take a secret away; a running server refuses it within seconds."""
    from bottega.actions.running import secrets
    from bottega.shop.open_shop import OpenShop

    with guard(), OpenShop.open(shop) as opened:
        answer = secrets.revoke_secret(opened, secrets.RevokeSecretRequest(number=number))
    if as_json:
        typer.echo(answer.model_dump_json(indent=2))
        return
    left = ", ".join(f"{one.number} ({one.purpose})" for one in answer.secrets) or "none"
    say(f"Revoked secret {number}. Secrets left: {left}.")
