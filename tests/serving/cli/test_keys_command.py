"""`bottega keys`: a key that was lost or has to change is mended without touching the database."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bottega.serving.cli.main import app
from bottega.shop.folder import ShopFolder


def run(*arguments: str | Path, code: int = 0) -> str:
    done = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert done.exit_code == code, done.output
    return done.output


def opens(shop: Path, key: str) -> bool:
    with ShopFolder.open(shop) as opened:
        return opened.store.keys.verify(key) is not None


def test_a_key_is_made_shown_once_listed_and_revoked(tmp_path: Path) -> None:
    assert "The shop has no key" in run("keys", "list", "--shop", tmp_path)
    first = run("keys", "new", "shop", "--shop", tmp_path).split()[0]
    second = json.loads(run("keys", "new", "till 2", "--json", "--shop", tmp_path))
    assert first.startswith("btg_") and opens(tmp_path, first) and opens(tmp_path, second["key"])
    listed = run("keys", "list", "--shop", tmp_path)
    assert [line.split("  (made ")[0] for line in listed.splitlines()] == ["shop", "till 2"]
    assert first not in listed and second["key"] not in listed
    assert "Revoked 'shop'. Keys left: till 2." in run("keys", "revoke", "shop", "--shop", tmp_path)
    assert not opens(tmp_path, first) and opens(tmp_path, second["key"])
    labels = [one["label"] for one in json.loads(run("keys", "list", "--json", "--shop", tmp_path))["keys"]]
    assert labels == ["till 2"]


def test_refusals_say_what_there_is(tmp_path: Path) -> None:
    run("keys", "new", "shop", "--shop", tmp_path)
    assert "A key cannot be labelled 'shop'" in run("keys", "new", "shop", "--shop", tmp_path, code=2)
    assert "The shop's keys are: 'shop'." in run("keys", "revoke", "gone", "--shop", tmp_path, code=2)
    assert "No key opens this shop now" in run("keys", "revoke", "shop", "--shop", tmp_path)


@pytest.mark.parametrize("label", ["a\nb\x1b[31m", "x" * 201, "\udcff", "\u202eabc"])
def test_a_label_is_a_line_that_shows(tmp_path: Path, label: str) -> None:
    said = run("keys", "new", label, "--shop", tmp_path, code=2)
    assert "A label is a line of text" in said and "\x1b" not in said


def test_a_key_with_a_role_an_end_and_a_limit_is_listed_so(tmp_path: Path) -> None:
    given = ["--role", "read", "--expires", "90d", "--per-minute", "1200"]
    key = json.loads(run("keys", "new", "reports", *given, "--json", "--shop", tmp_path))["key"]
    with ShopFolder.open(tmp_path) as opened:
        found = opened.store.keys.of(key)
        opened.store.keys.used({"reports": 1_780_000_000_000})
    assert found and found.role == "read" and found.per_minute == 1200
    assert found.expires_at_ms == pytest.approx(found.made_at_ms + 90 * 86_400_000, abs=60_000)
    listed = run("keys", "list", "--shop", tmp_path)
    assert re.search(r"reports  \(made .*, read, until .*, 1,200 a minute, last used 2026-05-28T20:26:40", listed)
    run("keys", "new", "shop", "--shop", tmp_path)
    assert "shop  (made" in (listed := run("keys", "list", "--shop", tmp_path)) and ", admin, never used)" in listed


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["--expires", "soon"], "A key cannot end at 'soon'. Hours, days or weeks from now, as in 12h, 90d or 8w"),
        (["--expires", "2020-01-31"], "or a day to come"),
        (["--role", "read", "--publishable"], "Roles are of secret keys"),
        (["--agent", "--aws"], "A pair that signs requests shall be publishable, or an agent's"),
        (["--role", "root"], "'root' is not one of"),
        (["--per-minute", "0"], "It must be at least 1."),
    ],
)
def test_what_a_key_cannot_be(tmp_path: Path, given: list[str], said: str) -> None:
    shown = " ".join(run("keys", "new", "x", *given, "--shop", tmp_path, code=2).replace("│", " ").split())
    assert said in shown
    assert "The shop has no key" in run("keys", "list", "--shop", tmp_path)
