"""`bottega secrets`: made and shown once, or taken from standard input; listed by number, revoked."""

from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner

from bottega.serving.cli.main import app
from bottega.shop.open_shop import OpenShop


def run(*arguments: str | Path, code: int = 0, given: str | None = None) -> str:
    done = CliRunner().invoke(app, [str(argument) for argument in arguments], input=given)
    assert done.exit_code == code, done.output
    return done.output


def counting(shop: Path, purpose: str) -> tuple[str, ...]:
    with OpenShop.open(shop) as opened:
        return opened.secrets.of(purpose)


def test_a_secret_is_made_shown_once_changed_and_revoked(tmp_path: Path) -> None:
    assert "The shop keeps no secret" in run("secrets", "list", "--shop", tmp_path)
    first = run("secrets", "new", "shopper-signature", "--shop", tmp_path).split()[0]
    made = json.loads(run("secrets", "new", "shopper-signature", "--json", "--shop", tmp_path))
    assert counting(tmp_path, "shopper-signature") == (made["secret"], first)
    assert "count already" in run("secrets", "new", "shopper-signature", "--shop", tmp_path, code=2)
    listed = json.loads(run("secrets", "list", "--json", "--shop", tmp_path))["secrets"]
    assert [one["purpose"] for one in listed] == ["shopper-signature"] * 2 and first not in str(listed)
    old = str(listed[-1]["number"])
    assert f"Revoked secret {old}" in run("secrets", "revoke", old, "--shop", tmp_path)
    assert "The shop keeps: " in run("secrets", "revoke", old, "--shop", tmp_path, code=2)
    assert counting(tmp_path, "shopper-signature") == (made["secret"],)


def test_a_platforms_secret_comes_from_standard_input_and_is_never_shown(tmp_path: Path) -> None:
    said = run("secrets", "set", "shopify-webhook", "--shop", tmp_path, given="shpss_12\n")
    assert "Kept as number" in said and "shpss_12" not in said
    assert counting(tmp_path, "shopify-webhook") == ("shpss_12",)
    assert "Nothing here has a use" in run("secrets", "set", "shopfy", "--shop", tmp_path, code=2, given="x\n")


def test_a_publishable_key_says_what_it_is(tmp_path: Path) -> None:
    key = run("keys", "new", "pages", "--publishable", "--shop", tmp_path).split()[0]
    assert key.startswith("btg_pub_")
    assert "pages  (made" in (listed := run("keys", "list", "--shop", tmp_path)) and "publishable" in listed
    [told] = json.loads(run("keys", "list", "--json", "--shop", tmp_path))["keys"]
    assert told["kind"] == "publishable"
    with OpenShop.open(tmp_path) as shop:
        known = shop.keys.opens(key)
        assert known and known.kind == "publishable"
        assert shop.keys.first() is not None  # the shop's own is still to make
