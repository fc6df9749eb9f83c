"""Settings as a process finds them: files, and the environment where it may speak. docs/settings.md has the rules.

A shop's `bottega.toml` sets what is the shop's, and what is the server's where the shop has a server to itself;
variables `BOTTEGA_<NAME>` win over it. Several shops lie in a shops folder, told by its `shops.toml`: that file and the
environment set what is the server's, each shop's own file what is the shop's, and a variable that would set one thing
for all shops at once is refused.
"""

from __future__ import annotations

import json
import os
import re
import threading
import tomllib
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

from bottega.errors import SettingsInvalid
from bottega.server_settings import ServerSettings
from bottega.shop_settings import ShopSettings
from bottega.texts import plain_fault, shown

__all__ = [
    "SETTINGS_FILE",
    "SHOPS_FILE",
    "ServerSettings",
    "ShopSettings",
    "load_server_settings",
    "load_settings",
    "shops_folder_of",
    "write_setting",
]

SETTINGS_FILE = "bottega.toml"
SHOPS_FILE = "shops.toml"
"""Tells a folder of shops from any other, and holds what is set for the server of all of them."""


class _OfItsFile(ShopSettings):
    """Settings of one shop among several: the environment says nothing."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (init_settings,)


def shops_folder_of(folder: Path) -> Path | None:
    """The shops folder that a shop's folder lies in; None where the shop stands alone."""
    parent = folder.absolute().parent
    return parent if (parent / SHOPS_FILE).is_file() else None


def load_settings(folder: Path) -> ShopSettings:
    """Settings of the shop in `folder`: defaults, then bottega.toml, then the environment where the shop stands alone.

    Raises `SettingsInvalid`, naming the file, the setting and the allowed values.
    """
    path = folder / SETTINGS_FILE
    _refuse_mistyped_variables()
    if shops_folder_of(folder):
        _refuse_variables_for_all(folder)
    return _read(_text(path), path)


def load_server_settings(folder: Path) -> ServerSettings:
    """Settings of the server of a shops folder, or of a shop's folder: defaults, then the file, then the environment.

    The file is shops.toml where there are several shops, else the shop's bottega.toml. Raises `SettingsInvalid`.
    """
    shops = folder if (folder / SHOPS_FILE).is_file() else shops_folder_of(folder)
    path = folder / SETTINGS_FILE if shops is None else shops / SHOPS_FILE
    _refuse_mistyped_variables()
    values = _values(_text(path), path)
    if shops is not None:
        for name in ShopSettings.model_fields.keys() & values.keys():
            raise SettingsInvalid(
                f"{path} sets {name!r}, which is a setting of a shop.",
                allowed=f"It holds settings of the server: {', '.join(ServerSettings.model_fields)}.",
                next_step=f"Put it into the {SETTINGS_FILE} of each shop that it is meant for.",
            )
    else:
        values = {name: value for name, value in values.items() if name in ServerSettings.model_fields}
    try:
        return ServerSettings(**values)
    except ValidationError as error:
        raise _invalid(error.errors()[0], path) from error


def _text(path: Path) -> str:
    """What the file holds; nothing where there is none. A byte order mark, as Windows writes it, is left out."""
    if not path.exists():
        return ""
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise SettingsInvalid(
            f"{path} is not UTF-8: {error.reason} at byte {error.start}.",
            allowed="TOML is UTF-8, with or without a byte order mark.",
            next_step="Save it as UTF-8; PowerShell writes UTF-16 where > puts text into a file.",
        ) from error
    except OSError as error:
        raise SettingsInvalid(
            f"{path} cannot be read: {error.strerror}.", next_step="Check the file and its permissions."
        ) from error


def _values(text: str, path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsInvalid(f"{path} is not valid TOML: {error}.", next_step="Correct that line.") from error


def _read(text: str, path: Path) -> ShopSettings:
    """What a shop's file says of the shop; what it says of the server is judged, too, where it counts."""
    values, shops = _values(text, path), shops_folder_of(path.parent)
    of_server = {name: value for name, value in values.items() if name in ServerSettings.model_fields}
    if shops and of_server:
        raise SettingsInvalid(
            f"{path} sets {next(iter(of_server))!r}, which is a setting of the server.",
            allowed=f"This shop is one of several; what holds for their server stands in {shops / SHOPS_FILE}.",
            next_step="Take it out, or move it there.",
        )
    try:
        ServerSettings(**of_server)
        of_shop = {name: value for name, value in values.items() if name not in of_server}
        return _OfItsFile(**of_shop) if shops else ShopSettings(**of_shop)
    except ValidationError as error:
        raise _invalid(error.errors()[0], path) from error


_OWN_VARIABLES = ("SHOP", "SHOPS", "DATA", "MASTER_KEY")
"""Variables of ours that are no settings; those of secrets begin with SECRET_."""
_WRONG = {
    "string_pattern_mismatch": "it is not written so",
    "string_type": "a text in quotes is needed",
    "tuple_type": 'a list is needed, as in ["a", "b"]',
    "list_type": 'a list is needed, as in ["a", "b"]',
    "dict_type": "a table of names with their values is needed",
}
"""What is wanted, in the words of TOML; `plain_fault` has the rest."""
_FIELDS = {**ServerSettings.model_fields, **ShopSettings.model_fields}
_SECRET = "SECRET_"


def _invalid(problem: Any, path: Path) -> SettingsInvalid:
    """What is wrong with one setting, in our words."""
    name, kind = str(problem["loc"][0]), str(problem["type"])
    place = f"in {path} or in the variable BOTTEGA_{name.upper()}"
    if kind == "extra_forbidden":
        return _no_setting(name, f"in {path}")
    seen = f"Setting {'.'.join(map(str, problem['loc']))!r} is {shown(problem.get('input'))}"
    choices = problem["ctx"]["expected"] if kind == "literal_error" else None
    fault = f"it must be {choices}" if choices else _WRONG.get(kind) or plain_fault(problem)
    field = _FIELDS.get(name)
    return SettingsInvalid(
        f"{seen}: {fault}.",
        allowed=f"It means: {field.description}" if field is not None and field.description else "",
        next_step=f"Correct it {place}.",
    )


def _no_setting(name: str, place: str) -> SettingsInvalid:
    near = get_close_matches(name.lower().replace("-", "_"), _FIELDS, n=1, cutoff=0.6)
    return SettingsInvalid(
        f"There is no setting {name!r}.",
        allowed=f"The nearest one is {near[0]!r}." if near else f"Settings are: {', '.join(_FIELDS)}.",
        next_step=f"Correct it {place}; docs/settings.md has all of them.",
    )


def _refuse_mistyped_variables() -> None:
    """A variable that nearly names a setting would else be passed over in silence. Raises `SettingsInvalid`."""
    for variable in sorted(os.environ):
        if not variable.startswith("BOTTEGA_"):
            continue
        name = variable.removeprefix("BOTTEGA_")
        if name in _OWN_VARIABLES or name.startswith(_SECRET) or name.lower() in _FIELDS:
            continue
        near = get_close_matches(name.lower(), _FIELDS, n=1, cutoff=_TYPO)
        if near:
            raise SettingsInvalid(
                f"The variable {variable} sets nothing.",
                allowed=f"The nearest one that does is BOTTEGA_{near[0].upper()}.",
                next_step="Correct its name, or take it away.",
            )


def _refuse_variables_for_all(folder: Path) -> None:
    """A variable that is a shop's would set the same for every shop of a server. Raises `SettingsInvalid`."""
    for variable in sorted(os.environ):
        name = variable.removeprefix("BOTTEGA_")
        if name == variable:
            continue
        if name == "DATABASE_URL":
            better = "Take it away; BOTTEGA_SHOPS_DATABASE_URL names a PostgreSQL where each shop has its own schema."
        elif name == "FILES_URL":
            better = "Take it away; BOTTEGA_SHOPS_FILES_URL names a bucket where each shop has its own prefix."
        elif name.startswith(_SECRET):
            better = f"Take it away, and keep it in the shop: `bottega secrets set PURPOSE --shop {folder}`."
        elif name.lower() in ShopSettings.model_fields:
            better = f"Take it away, and set `{name.lower()}` in the {SETTINGS_FILE} of each shop that it is meant for."
        else:
            continue
        raise SettingsInvalid(
            f"The variable {variable} would hold for every shop in {folder.absolute().parent} at once.",
            allowed="Where one server has several shops, variables set what is the server's alone (docs/shops.md).",
            next_step=better,
        )


_TABLE = re.compile(r"(?m)^[ \t]*\[[^\]\n]*\]{1,2}[ \t]*(#.*)?$")
"""Where the first table of a file begins."""
_TYPO = 0.85
"""How alike a variable's name and a setting's are that are one word mistyped, from 0 to 1."""


def write_setting(folder: Path, name: str, value: Any) -> None:
    """Put one setting into the shop's bottega.toml and leave the rest of the file as it is; None takes it out, so that
    its default counts. Running servers read it.

    Raises `SettingsInvalid` where the value is not allowed, where the environment says otherwise and would win, and
    where the file cannot be written; then nothing is changed.
    """
    path, variable = folder / SETTINGS_FILE, f"BOTTEGA_{name.upper()}"
    if variable in os.environ and not shops_folder_of(folder):
        raise SettingsInvalid(
            f"The variable {variable} is {os.environ[variable]!r}, and wins over {path}.",
            next_step="Change the variable, or take it away and try again.",
        )
    before = _text(path)
    line = "" if value is None else f"{name} = {json.dumps(value, ensure_ascii=False)}\n"
    tables = _TABLE.search(before)  # a name within a table that the file may hold is another thing
    end = tables.start() if tables else len(before)
    top, found = re.subn(rf"(?m)^[ \t]*{name}[ \t]*=.*(\n|\Z)", lambda _: line, before[:end], count=1)
    text = (top if found else line + top) + before[end:]
    _read(text, path)
    work = path.with_name(f".{SETTINGS_FILE}.{os.getpid()}.{threading.get_ident()}")
    try:
        work.write_text(text, encoding="utf-8")
        work.replace(path)
    except OSError as error:
        raise SettingsInvalid(
            f"{path} cannot be written: {error.strerror}.", next_step=f"Set the variable {variable} instead."
        ) from error
    finally:
        work.unlink(missing_ok=True)
