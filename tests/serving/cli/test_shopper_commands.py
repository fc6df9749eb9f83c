"""`bottega shopper set` and `show`, `bottega import shoppers`."""

from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner

from bottega.serving.cli.main import app


def test_told_shown_imported(tmp_path: Path) -> None:
    shop = ["--shop", str(tmp_path / "shop")]

    def run(*words: str, code: int = 0) -> str:
        done = CliRunner().invoke(app, [*words, *shop])
        assert done.exit_code == code, done.output
        return done.output

    told = run("shopper", "set", "ada", "--name", "Ada", "--age-band", "25-34", "--consent", "personalisation=no")
    assert "Ada" in told and "stranger" in told
    run("shopper", "set", "ada", "--name", "", "--consent", "messages=yes", "--consent-source", "help desk")
    answer = json.loads(run("shopper", "show", "ada", "--json"))
    assert (answer["name"], answer["age_band"], answer["personal"]) == (None, "25-34", False)
    assert answer["consent"]["messages"]["source"] == "help desk"
    refused = run("shopper", "set", "ada", "--country", "Austria", code=2)
    assert "country is 'Austria'" in refused and "ISO 3166-1" in refused
    assert "consent.adverts" in run("shopper", "set", "ada", "--consent", "adverts=yes", code=2)
    run("shopper", "show", "eve", code=2)
    path = tmp_path / "shoppers.csv"
    path.write_text("shopper,name\neve,Eve\n,Nobody\n")
    assert "1 shoppers added, 0 told more of, 1 rejected" in run("import", "shoppers", str(path))
    assert "Eve" in run("shopper", "show", "eve")
    path.write_text("shopper,name\n,Nobody\n")
    run("import", "shoppers", str(path), code=1)
