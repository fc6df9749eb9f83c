"""`bottega keys`: list the shop's API keys, make one, revoke one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from bottega.serving.cli.console import guard, note, say
from bottega.serving.cli.options import ShopFolder

__all__ = ["app"]

app = typer.Typer(help="The API keys of the shop: list, new, revoke.", no_args_is_help=True)
Label = Annotated[str, typer.Argument(help="What the key is for, as in: till 2. No two keys share a label.")]
Role = Literal["read", "events", "manage", "admin"]
"""As `names.Role` has them, which help need not load."""
Json = Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")]

Aws = Annotated[
    bool,
    typer.Option("--aws", help="A key id and a secret, for callers that sign requests as Amazon Personalize asks."),
]


@app.command("list")
def list_(as_json: Json = False, shop: ShopFolder = Path()) -> None:
    """Show the labels of the keys that open this shop, the oldest first."""
    from bottega.actions.running import keys
    from bottega.shop.open_shop import OpenShop

    with guard(), OpenShop.open(shop) as opened:
        answer = keys.list_keys(opened, keys.KeysRequest())
    if as_json:
        typer.echo(answer.model_dump_json(indent=2))
        return
    for one in answer.keys:
        label = one.label if one.label.isprintable() else ascii(one.label)
        told = {"publishable": ", publishable", "agent": ", answers shoppers"}
        kind = told.get(one.kind, f", {one.role}") + (f", signs requests as {one.key_id}" if one.key_id else "")
        ends = f", until {one.expires_at}" if one.expires_at else ""
        limit = f", {one.per_minute:,} a minute" if one.per_minute else ""
        used = f", last used {one.used_at}" if one.used_at else ", never used"
        say(f"{label}  (made {one.made_at}{kind}{ends}{limit}{used})")
    if not answer.keys:
        note("The shop has no key; `bottega keys new LABEL` makes one, and so does the first start of `bottega serve`.")


@app.command()
def new(
    label: Label,
    publishable: Annotated[
        bool, typer.Option("--publishable", help="For the shop's pages: it opens only what a visitor may do.")
    ] = False,
    agent: Annotated[
        bool, typer.Option("--agent", help="For a person who answers shoppers, whose name is the label.")
    ] = False,
    aws: Aws = False,
    role: Annotated[
        Role | None, typer.Option(help="What a secret key or a pair opens (docs/keys.md); everything where absent.")
    ] = None,
    expires: Annotated[
        str, typer.Option(help="How long it opens, as in 90d, 12h or 8w, or until which day, as in 2027-01-31.")
    ] = "",
    per_minute: Annotated[
        int | None, typer.Option(min=1, max=1_000_000, help="Requests that it may make a minute.")
    ] = None,
    as_json: Json = False,
    shop: ShopFolder = Path(),
) -> None:
    """Make a key and show it, this once: the shop keeps only a hash of it."""
    from bottega.actions.running import keys
    from bottega.shop.open_shop import OpenShop

    with guard(), OpenShop.open(shop) as opened:
        kind = {"publishable": publishable, "agent": agent}
        limits = {"role": role, "expires": expires, "per_minute": per_minute}
        request = keys.NewKeyRequest.model_validate({"label": label, **kind, **limits})
        answer = keys.new_signing_key(opened, request) if aws else keys.new_key(opened, request)
    if as_json:
        typer.echo(answer.model_dump_json(indent=2))
    elif isinstance(answer, keys.NewSigningKeyAnswer):
        say(f"aws_access_key_id={answer.key_id}")
        say(f"aws_secret_access_key={answer.secret}")
        note("Keep the secret now; it is not shown again. docs/callers.md says where clients take it.")
    elif publishable:
        say(answer.key)
        note(
            "It is not shown again. It may stand in pages, as in docs/pixel.md; set `browser_origins` to their origins."
        )
    elif agent:
        say(answer.key)
        note(f"It is not shown again. {label} gives it once to the page /agent of the server, and opens talks alone.")
    else:
        say(answer.key)
        note("Keep it now; it is not shown again. Send it as `X-API-Key` or as `Authorization: Bearer`.")


@app.command()
def revoke(label: Label, as_json: Json = False, shop: ShopFolder = Path()) -> None:
    """Take a key away; a running server refuses it within seconds."""
    from bottega.actions.running import keys
    from bottega.shop.open_shop import OpenShop

    with guard(), OpenShop.open(shop) as opened:
        answer = keys.revoke_key(opened, keys.RevokeKeyRequest(label=label))
    if as_json:
        typer.echo(answer.model_dump_json(indent=2))
        return
    say(f"Revoked {label!r}. Keys left: {', '.join(one.label for one in answer.keys) or 'none'}.")
    if not answer.keys:
        note("No key opens this shop now; the next start of `bottega serve` makes one, or `bottega keys new LABEL`.")
