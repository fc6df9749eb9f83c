"""A mistyped --shop makes no shop: it is refused, with those near by."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from bottega.serving.cli.main import app
from bottega.shop.folder import ShopFolder

RUN = CliRunner()


def refused(*words: str) -> str:
    done = RUN.invoke(app, list(words))
    assert done.exit_code == 2, done.output
    return done.output.replace("\n", " ")


@pytest.mark.parametrize("words", [["keys", "list"], ["products", "discontinue", "lamp-7"], ["bots", "list"]])
def test_a_mistyped_folder_is_refused_and_not_made(tmp_path: Path, words: list[str]) -> None:
    with ShopFolder.open(tmp_path / "boutique"):
        pass
    said = refused(*words, "--shop", str(tmp_path / "botique"))
    assert "There is no shop in" in said and f"Try --shop {tmp_path / 'boutique'}" in said
    assert not (tmp_path / "botique").exists()


def test_a_folder_of_other_things_is_no_shop_and_stays_as_it_is(tmp_path: Path) -> None:
    folder = tmp_path / "letters"
    folder.mkdir()
    (folder / "to-ann.txt").write_text("Dear Ann")
    assert "There is no shop in" in refused("keys", "list", "--shop", str(folder))
    assert [one.name for one in folder.iterdir()] == ["to-ann.txt"]


def test_an_empty_folder_may_become_one_and_an_import_makes_its_own(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    assert RUN.invoke(app, ["keys", "new", "till", "--shop", str(empty)]).exit_code == 0
    feed = tmp_path / "feed.csv"
    feed.write_text("id,title\nlamp-7,Oak lamp\n")
    done = RUN.invoke(app, ["import", "catalogue", str(feed), "--shop", str(tmp_path / "new")])
    assert done.exit_code == 0 and (tmp_path / "new" / "shop.db").exists(), done.output


def test_a_group_of_commands_takes_the_shop_of_its_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "letter.txt").write_text("Dear Ann")
    monkeypatch.chdir(elsewhere)
    done = RUN.invoke(app, ["models", "list", "--shop", str(tmp_path)])
    assert done.exit_code == 0, done.output


def test_the_version_is_told() -> None:
    done = RUN.invoke(app, ["--version"])
    assert done.exit_code == 0 and done.output.startswith("bottega ")


def test_a_port_that_cannot_be_is_refused_before_anything_is_said(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["serve", "--port", "99999999", "--shop", str(tmp_path)])
    assert done.exit_code == 2 and "It must be at most 65535." in done.output and "API key" not in done.output


@pytest.mark.parametrize("words", [["products", "discontinue", "nowhere"], ["closet", "remove", "ann", "5"]])
def test_a_command_of_which_nothing_came_says_so_with_its_exit_code(tmp_path: Path, words: list[str]) -> None:
    (tmp_path / "bottega.toml").touch()
    done = CliRunner().invoke(app, [*words, "--shop", str(tmp_path)])
    assert done.exit_code == 1, done.output
