"""docs/commands.md names every command and every option, and no option that is not there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import typer.main

from bottega.serving.cli.main import app

PAGE = (Path(__file__).parents[2] / "docs" / "commands.md").read_text()


def commands(command: Any, name: str) -> dict[str, Any]:
    inside = getattr(command, "commands", None)
    if inside is None:
        return {name: command}
    own = {name: command} if command.invoke_without_command else {}
    return own | {key: one for sub, below in inside.items() for key, one in commands(below, f"{name} {sub}").items()}


def section(name: str) -> str:
    found = re.search(rf"^## `{re.escape(name)}[^\n]*\n(.*?)(?=^## |\Z)", PAGE, re.M | re.S)
    assert found, f"docs/commands.md has no section {name!r}"
    return found.group(1)


def test_every_command_and_option_is_described() -> None:
    for name, command in commands(typer.main.get_command(app), "bottega").items():
        text = section(name)
        options = {
            option
            for parameter in command.params
            for option in [*parameter.opts, *parameter.secondary_opts]
            if option.startswith("--") and option != "--help"
        }
        described = set(re.findall(r"`(--[\w-]+)", text))
        assert options - described == set(), f"{name}: not described"
        assert described - options == set(), f"{name}: described but not there"


def test_every_section_stands_once() -> None:
    heads = re.findall(r"^## .*$", PAGE, re.M)
    assert [head for head in heads if heads.count(head) > 1] == []
