"""docs/settings.md holds every setting with its default and help, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bottega.errors import SettingsInvalid
from bottega.settings import Settings, load_settings, write_setting

PAGE = Path(__file__).parents[2] / "docs" / "settings.md"


def test_the_page_is_the_table_of_settings() -> None:
    rows = [line for line in PAGE.read_text().splitlines() if line.startswith("| `")]
    assert rows == [
        f"| `{name}` | `{json.dumps(field.default)}` | {field.description} |"
        for name, field in Settings.model_fields.items()
    ]


def test_file_then_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "bottega.toml").write_text('currency = "EUR"\nport = 9000\n')
    monkeypatch.setenv("BOTTEGA_PORT", "9100")
    settings = load_settings(tmp_path)
    assert (settings.currency, settings.port, settings.host) == ("EUR", 9100, "127.0.0.1")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("port = ", "is not valid TOML"),
        ("prot = 9000", r"There is no setting 'prot'. The nearest one is 'port'. Correct it in .*bottega.toml"),
        ("qqqqq = 1", r"There is no setting 'qqqqq'. Settings are: .*port"),
        ("diversity = 2", r"Setting 'diversity' is 2: it must be at most 1.*BOTTEGA_DIVERSITY"),
        ('count = "many"', r"Setting 'count' is 'many': a whole number is needed.*It means: Products"),
        ('storefront = "perhaps"', "true or false is needed"),
        ('diversity_method = "mnr"', "it must be 'mmr' or 'dpp'"),
        ('train_schedule = "noon"', "it is not written so. It means: When a challenger is trained: off, nightly"),
        ('currency = "euro"', "Setting 'currency' is 'euro'"),
    ],
)
def test_a_bad_value_is_named(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "bottega.toml").write_text(text)
    with pytest.raises(SettingsInvalid, match=message):
        load_settings(tmp_path)


def test_a_variable_that_nearly_names_a_setting_is_no_secret_wish(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOTTEGA_SECRET_SHOPIFY", "x")
    monkeypatch.setenv("BOTTEGA_SOMETHING_ELSE", "x")
    assert load_settings(tmp_path)
    monkeypatch.setenv("BOTTEGA_DIVERSTY", "0.3")
    with pytest.raises(SettingsInvalid, match=r"BOTTEGA_DIVERSTY sets nothing. The nearest .* is BOTTEGA_DIVERSITY"):
        load_settings(tmp_path)


def test_files_as_windows_writes_them(tmp_path: Path) -> None:
    (tmp_path / "bottega.toml").write_bytes('currency = "EUR"\r\n'.encode("utf-8-sig"))
    assert load_settings(tmp_path).currency == "EUR"
    write_setting(tmp_path, "timezone", "Europe/Lisbon")
    assert load_settings(tmp_path).currency == "EUR" and load_settings(tmp_path).timezone == "Europe/Lisbon"
    for content in ('currency = "EUR"\r\n'.encode("utf-16"), b'currency = "\xe9"'):
        (tmp_path / "bottega.toml").write_bytes(content)
        with pytest.raises(SettingsInvalid, match=r"bottega.toml is not UTF-8: .*TOML is UTF-8, .*Save it as UTF-8"):
            load_settings(tmp_path)
