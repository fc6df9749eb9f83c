"""A verb without a command of its own gets one from its line: arguments, options, JSON, a table, refusals."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Annotated, Literal

import pytest
import typer
from pydantic import Field
from typer.testing import CliRunner

from bottega.actions.verb import Kind, Verb
from bottega.actions.verbs import VERBS
from bottega.catalogue.product import Product
from bottega.serving.cli import verbs
from bottega.serving.cli.main import app
from bottega.shop.folder import ShopFolder
from bottega.shop.open_shop import OpenShop
from bottega.shop.shape import Request, Shape, Upload

KEPT_APART = {
    "back_up",
    "evaluate",
    "evaluate_studio",
    "evaluate_vision",
    "export_catalogue",
    "prepare_demo",
    "recommend_all",
    "simulate",
}
"""Verbs that write a file or make a shop, and change none: their commands may call them past the audit log."""


def test_no_command_changes_the_shop_past_the_audit_log() -> None:
    functions = {one.function: one.name for one in VERBS if one.changes and one.name not in KEPT_APART}
    past = set()
    for file in Path(verbs.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("bottega.actions"):
                room = (node.module or "").removeprefix("bottega.actions").removeprefix(".")
                names = {f"{room}:{each.name}" for each in node.names} & functions.keys()
                whole = {one for one in functions for each in node.names if one.startswith(f"{room}.{each.name}:")}
                past |= {(file.name, functions[one]) for one in names | whole}
    assert past == set(), "ask by `verb(NAME).run_by`"


class Asked(Request):
    """Every kind of field that a command takes."""

    words: list[str]
    n: int = Field(default=2, ge=1, le=9, description="How many.")
    kind: Literal["good", "bad"] = "good"
    plain: bool = False
    loud: bool = True
    share: float | None = None
    nested: dict[str, list[int]] | None = None
    photo: Upload | None = None
    named: Annotated[str | None, Field(max_length=3)] = None


class Told(Shape):
    """What was understood."""

    said: list[dict[str, str]]
    asked: str


def repeat(shop: OpenShop, request: Asked) -> Told:
    fields = request.model_dump_json(exclude={"words", "photo"})
    photo = len(request.photo.content) if request.photo else 0
    return Told(said=[{"word": word, "photo": str(photo)} for word in request.words], asked=fields)


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> typer.Typer:
    line = Verb(
        "repeat", Kind.ANSWER, f"{__name__}:repeat", "Asked", "Told", "Say it again.", "", "say again", ("words",)
    )
    monkeypatch.setattr(Verb, "_named", lambda self, place: globals()[place.rpartition(":")[2]])
    monkeypatch.setattr(verbs, "VERBS", (line,))
    own = typer.Typer(cls=verbs.Commands)
    own.callback()(lambda: None)
    return own


def test_every_kind_of_field_is_an_option(made: typer.Typer, tmp_path: Path) -> None:
    photo = tmp_path / "p.jpg"
    photo.write_bytes(b"12345")
    options = ["--n", "4", "--kind", "bad", "--plain", "--no-loud", "--share", "0.5", "--nested", '{"a": [1]}']
    shop = ["--shop", str(tmp_path / "shop")]
    done = CliRunner().invoke(made, ["say", "again", "one", "two", *options, "--photo", str(photo), *shop, "--json"])
    assert done.exit_code == 0, done.output
    answer = json.loads(done.stdout)
    assert answer["said"] == [{"word": "one", "photo": "5"}, {"word": "two", "photo": "5"}]
    assert json.loads(answer["asked"]) == {
        "n": 4, "kind": "bad", "plain": True, "loud": False, "share": 0.5, "nested": {"a": [1]}, "named": None
    }  # fmt: skip
    table = CliRunner().invoke(made, ["say", "again", "one", *shop])
    assert "word" in table.stdout and "one" in table.stdout and '"n":2' in table.stdout
    told = CliRunner().invoke(made, ["say", "again", "--help"]).output
    assert "Say it again." in told and "How many." in told


@pytest.mark.parametrize(
    ("words", "seen"),
    [(["--n", "12"], "n is 12"), (["--named", "long"], "named is 'long'"), (["--nested", "{"], "'{' is not JSON")],
)
def test_what_the_shape_refuses_is_said(made: typer.Typer, tmp_path: Path, words: list[str], seen: str) -> None:
    done = CliRunner().invoke(made, ["say", "again", "one", *words, "--shop", str(tmp_path)])
    assert done.exit_code == 2 and seen in done.output


def test_two_products_are_compared(tmp_path: Path) -> None:
    with ShopFolder.open(tmp_path / "shop") as shop:
        shop.store.products.upsert(
            [
                Product(id="a", title="Oak lamp", price_minor=3990, currency="EUR", attributes={"wood": ("oak",)}),
                Product(id="b", title="Steel lamp", price_minor=1990, currency="EUR"),
            ]
        )
    done = CliRunner().invoke(app, ["compare", "a", "b", "--shop", str(tmp_path / "shop")])
    assert done.exit_code == 0, done.output
    rows = {line.split()[0]: line for line in done.stdout.splitlines() if line.strip()}
    assert "EUR" in rows["price"] and "39.90" in rows["price"] and "19.90" in rows["price"]
    assert "oak" in rows["wood"] and "not given" in rows["wood"]
    assert "'c'" in CliRunner().invoke(app, ["compare", "a", "c", "--shop", str(tmp_path / "shop")]).output


def test_the_old_count_is_taken_and_told(tmp_path: Path) -> None:
    with ShopFolder.open(tmp_path / "shop") as shop:
        shop.store.products.upsert([Product(id=f"p{i}", title=f"Lamp {i}") for i in range(9)])
    for option, note in (("--n", False), ("--count", True)):
        done = CliRunner().invoke(app, ["recommend", option, "3", "--json", "--shop", str(tmp_path / "shop")])
        assert done.exit_code == 0, done.output
        assert len(json.loads(done.stdout)["items"]) == 3
        assert ("--count is the old name of --n" in done.stderr) is note


def test_every_verb_with_words_has_its_command() -> None:
    root = typer.main.get_command(app)
    for each in VERBS:
        command = root
        for word in each.command.split():
            if not hasattr(command, "commands"):
                break  # `train vision`: the room is an argument
            assert word in command.commands, each.command
            command = command.commands[word]


def test_no_id_is_cut_short(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    many = {f"field_{place}": "some words that are long" for place in range(8)}
    talk, suggestion = "t-TfNbwwU63ojicRSGTbbs7g", "abcdefghij" * 20
    verbs.show({"talks": [{"talk_id": talk, **many}], "suggestions": [{"id": suggestion, "text": "a word"}]})
    said = capsys.readouterr().out
    assert talk in said and suggestion in said
