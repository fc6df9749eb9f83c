"""docs/settings.md holds every setting with its default and help, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bottega.errors import SettingsInvalid
from bottega.settings import ServerSettings, ShopSettings, load_server_settings, load_settings, write_setting

PAGE = Path(__file__).parents[2] / "docs" / "settings.md"


def test_the_page_is_the_table_of_settings() -> None:
    rows = [line for line in PAGE.read_text().splitlines() if line.startswith("| `")]
    assert rows == [
        f"| `{name}` | `{json.dumps(field.default)}` | {field.description} |"
        for name, field in [*ServerSettings.model_fields.items(), *ShopSettings.model_fields.items()]
    ]


def test_file_then_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "bottega.toml").write_text('currency = "EUR"\nport = 9000\n')
    monkeypatch.setenv("BOTTEGA_PORT", "9100")
    monkeypatch.setenv("BOTTEGA_DIVERSITY", "0.7")
    settings, server = load_settings(tmp_path), load_server_settings(tmp_path)
    assert (settings.currency, settings.diversity, server.port, server.host) == ("EUR", 0.7, 9100, "127.0.0.1")


def test_nothing_is_a_setting_of_both() -> None:
    assert ServerSettings.model_fields.keys().isdisjoint(ShopSettings.model_fields)


@pytest.fixture
def several(tmp_path: Path) -> Path:
    """The folder of a shop among several."""
    (tmp_path / "shops.toml").write_text("port = 9000\n")
    folder = tmp_path / "nord"
    folder.mkdir()
    (folder / "bottega.toml").write_text('currency = "EUR"\n')
    return folder


def test_of_several_shops_the_environment_sets_the_server_alone(several: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOTTEGA_PORT", "9100")
    monkeypatch.setenv("BOTTEGA_REFRESH_S", "7")
    for folder in (several, several.parent):
        server = load_server_settings(folder)
        assert (server.port, server.refresh_s) == (9100, 7.0)
    assert load_settings(several).currency == "EUR"


@pytest.mark.parametrize(
    ("variable", "better"),
    [
        ("BOTTEGA_DATABASE_URL", "Take it away; BOTTEGA_SHOPS_DATABASE_URL names a PostgreSQL where each shop has"),
        ("BOTTEGA_FILES_URL", "Take it away; BOTTEGA_SHOPS_FILES_URL names a bucket where each shop has its own"),
        ("BOTTEGA_CURRENCY", "set `currency` in the bottega.toml of each shop"),
        ("BOTTEGA_SECRET_SHOPIFY_WEBHOOK", "`bottega secrets set PURPOSE --shop .*nord`"),
    ],
)
def test_a_variable_for_all_shops_at_once_is_refused(
    several: Path, monkeypatch: pytest.MonkeyPatch, variable: str, better: str
) -> None:
    monkeypatch.setenv(variable, "CHF")
    with pytest.raises(SettingsInvalid, match=rf"{variable} would hold for every shop in .* at once\..*{better}"):
        load_settings(several)
    (several.parent / "shops.toml").unlink()
    monkeypatch.setenv(variable, "CHF")
    assert load_settings(several)  # alone again: as it always was


def test_of_several_shops_each_file_holds_its_own(several: Path) -> None:
    (several / "bottega.toml").write_text("port = 9000\n")
    with pytest.raises(SettingsInvalid, match=r"'port', which is a setting of the server\. .*shops.toml"):
        load_settings(several)
    (several.parent / "shops.toml").write_text('currency = "EUR"\n')
    with pytest.raises(SettingsInvalid, match=r"shops.toml sets 'currency', which is a setting of a shop\."):
        load_server_settings(several.parent)
    (several.parent / "shops.toml").write_text("prot = 1\n")
    with pytest.raises(SettingsInvalid, match=r"no setting 'prot'. The nearest one is 'port'"):
        load_server_settings(several.parent)
    (several.parent / "shops.toml").write_text('shops_database_url = "sqlite:///x.db"\n')
    with pytest.raises(SettingsInvalid, match="SQLite has no schemas"):
        load_server_settings(several.parent)


def test_writing_a_setting_of_one_shop_of_several(several: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_setting(several, "timezone", "Europe/Lisbon")
    assert load_settings(several).timezone == "Europe/Lisbon"
    monkeypatch.setenv("BOTTEGA_TIMEZONE", "UTC")
    with pytest.raises(SettingsInvalid, match="would hold for every shop"):
        load_settings(several)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("port = ", "is not valid TOML"),
        ("prot = 9000", r"There is no setting 'prot'. The nearest one is 'port'. Correct it in .*bottega.toml"),
        ("qqqqq = 1", r"There is no setting 'qqqqq'. Settings are: .*port"),
        ("diversity = 2", r"Setting 'diversity' is 2: it must be at most 1.*BOTTEGA_DIVERSITY"),
        ('count = "many"', r"Setting 'count' is 'many': a whole number is needed.*It means: Products"),
        ('storefront = "perhaps"', 'it is true, false or "public"'),
        ('require_key = "perhaps"', "true or false is needed"),
        ('diversity_method = "mnr"', "it must be 'mmr' or 'dpp'"),
        ('train_schedule = "noon"', "it is not written so. It means: When a challenger is trained: off, nightly"),
        ("port = 70000", r"Setting 'port' is 70000.*BOTTEGA_PORT"),
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
