"""`bottega users`: who logs in to the console of the shop."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from bottega.serving.cli.console import guard, note, say
from bottega.serving.cli.options import ShopFolder

__all__ = ["app"]

app = typer.Typer(help="Who logs in: list, new, password, remove.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="Their name.")]
Role = Literal["read", "events", "manage", "admin"]
"""As `names.Role` has them, which help need not load."""
Json = Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")]


@app.command("list")
def list_(as_json: Json = False, shop: ShopFolder = Path()) -> None:
    """Show who logs in, and with which role."""
    from bottega.actions.running import users
    from bottega.shop.open_shop import OpenShop

    with guard(), OpenShop.open(shop) as opened:
        answer = users.list_users(opened, users.UsersRequest())
    if as_json:
        typer.echo(answer.model_dump_json(indent=2))
        return
    for one in answer.users:
        say(f"{one.name}  ({one.role}, made {one.made_at})")
    if not answer.users:
        note("Nobody logs in yet; `bottega users new NAME --role manage` lets somebody.")


@app.command()
def new(
    name: Name,
    role: Annotated[Role, typer.Option(help="What they may do (docs/keys.md).")],
    shop: ShopFolder = Path(),
) -> None:
    """Let somebody log in; the password is typed in unseen, or comes from standard input."""
    from bottega.actions.running import users
    from bottega.shop.open_shop import OpenShop

    password = _typed()
    with guard(), OpenShop.open(shop) as opened:
        asked = users.NewUserRequest.model_validate({"name": name, "role": role, "password": password})
        users.new_user(opened, asked)
        page = f"{opened.folder.address}/login"
    say(f"{name} logs in at {page}, as {role}.")


@app.command("password")
def password_(name: Name, shop: ShopFolder = Path()) -> None:
    """Set another password, typed in unseen or from standard input; their sessions are over."""
    from bottega.actions.running import users
    from bottega.shop.open_shop import OpenShop

    password = _typed()
    with guard(), OpenShop.open(shop) as opened:
        users.change_password(opened, users.PasswordRequest(name=name, password=password))
    say(f"{name} has another password; whoever was logged in by that name is no more.")


@app.command()
def remove(name: Name, shop: ShopFolder = Path()) -> None:
    """Let somebody log in no more; their sessions are over."""
    from bottega.actions.running import users
    from bottega.shop.open_shop import OpenShop

    with guard(), OpenShop.open(shop) as opened:
        answer = users.remove_user(opened, users.UserRequest(name=name))
    say(f"{name} logs in no more. Left: {', '.join(one.name for one in answer.users) or 'nobody'}.")


def _typed() -> str:
    if sys.stdin.isatty():
        found: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
        return found
    return sys.stdin.readline().rstrip("\r\n")
