"""Settings: each with its meaning, its value and where it is set; those that hold at once can be changed."""

from __future__ import annotations

import json
import os
import re
import tomllib
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from bottega.actions.running.settings_shapes import (
    ChangedSetting,
    ChangeSettingRequest,
    SetIn,
    SettingInfo,
    SettingsAnswer,
    SettingsRequest,
)
from bottega.errors import RequestInvalid, SettingsInvalid
from bottega.settings import SETTINGS_FILE, SHOPS_FILE, ServerSettings, ShopSettings, write_setting
from bottega.shop.live_settings import LIVE
from bottega.shop.open_shop import OpenShop
from bottega.texts import shown

__all__ = ["change_setting", "list_settings", "write_as_asked"]

_IN_ADDRESS = re.compile(r"(?<=://)[^/@\s]*:[^/@\s]*@")
"""A user and a password within an address."""


def list_settings(shop: OpenShop, request: SettingsRequest) -> SettingsAnswer:
    """Every setting, those of the shop first; passwords in addresses are left out."""
    found = list(_every(shop))
    return SettingsAnswer(settings=[one for one in found if one.live or not request.live])


def change_setting(shop: OpenShop, request: ChangeSettingRequest) -> ChangedSetting:
    """Write a setting that holds at once into the shop's file, or take it out. Raises `RequestInvalid` for one that
    does not hold at once or is set in the environment, and for a value that is not allowed."""
    name = request.name
    if name not in LIVE:
        raise _not_here(name)
    if not shop.folder.one_of_several and (variable := _variable(name)) in os.environ:
        raise RequestInvalid(
            f"{name} is set by the variable {variable}, which wins over the shop's file.",
            allowed="What the environment sets is changed there.",
            next_step="Change the variable, or take it away and start the server again.",
        )
    shop.take_settings()
    before, was_set = getattr(shop.settings, name), name in _file_of(shop)
    value = None if request.reset else _read(name, ShopSettings.model_fields[name], request.value)
    write_as_asked(shop.folder.root, name, value)
    shop.take_settings()
    return ChangedSetting(name=name, value=_plain(getattr(shop.settings, name)), before=_plain(before), was_set=was_set)


def write_as_asked(root: Path, name: str, value: Any) -> None:
    """Write a setting whose value came with a request. Raises `RequestInvalid` where it is not allowed, and
    `SettingsInvalid` where the file cannot be written."""
    try:
        write_setting(root, name, value)
    except SettingsInvalid as error:
        if isinstance(error.__cause__, OSError):
            raise
        raise RequestInvalid(error.seen, allowed=error.allowed, next_step="Choose another value.") from error


def _every(shop: OpenShop) -> Iterator[SettingInfo]:
    alone, file = not shop.folder.one_of_several, _file_of(shop)
    for name, field in ShopSettings.model_fields.items():
        yield _info(name, field, shop.settings, "shop", _set_in(name, file, environment=alone))
    server = file if alone else _toml(shop.folder.root.parent / SHOPS_FILE)
    for name, field in ServerSettings.model_fields.items():
        yield _info(name, field, shop.folder.server, "server", _set_in(name, server, environment=True))


def _info(name: str, field: FieldInfo, of: Any, whose: Literal["shop", "server"], set_in: SetIn) -> SettingInfo:
    kind, choices = _kind(field.annotation)
    limits = {type(one).__name__: one for one in field.metadata}
    low, high = limits.get("Ge") or limits.get("Gt"), limits.get("Le") or limits.get("Lt")
    return SettingInfo(
        name=name,
        meaning=field.description or "",
        value=_plain(getattr(of, name)),
        default=_plain(field.default),
        of=whose,
        set_in=set_in,
        live=whose == "shop" and name in LIVE,
        kind=kind,
        choices=choices,
        least=None if low is None else getattr(low, "ge", getattr(low, "gt", None)),
        most=None if high is None else getattr(high, "le", getattr(high, "lt", None)),
    )


def _kind(annotation: Any) -> tuple[Any, list[str]]:
    plain = {bool: "yes_no", int: "whole_number", float: "number", str: "text"}
    if annotation in plain:
        return plain[annotation], []
    if get_origin(annotation) is Literal:
        return "choice", [str(one) for one in get_args(annotation)]
    if get_origin(annotation) is tuple:
        inner, choices = _kind(get_args(annotation)[0])
        return ("choices", choices) if inner == "choice" else ("list", [])
    if get_origin(annotation) in (Union, types.UnionType):
        return _kind(next(one for one in get_args(annotation) if one is not type(None)))
    if isinstance(annotation, type) and issubclass(annotation, str):
        return "choice", [str(one.value) for one in annotation]  # type: ignore[attr-defined]
    return "table", []


def _read(name: str, field: FieldInfo, text: str) -> Any:
    """The value that a text says, of the setting's kind; whether it is allowed is seen when it is written."""
    kind, _ = _kind(field.annotation)
    text = text.strip()
    if kind in ("text", "choice"):
        return text
    if kind in ("list", "choices") and not text.startswith("["):
        return [one.strip() for one in re.split(r"\n" if "\n" in text else r"[\n,]", text) if one.strip()]
    try:
        return json.loads(text.lower() if kind == "yes_no" else text)
    except ValueError as error:
        wanted = {"yes_no": "true or false", "whole_number": "a whole number", "number": "a number"}.get(kind, "a list")
        raise RequestInvalid(
            f"{name} is {shown(text)}.", allowed=f"It is {wanted}: {field.description}", next_step="Correct it."
        ) from error


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return _IN_ADDRESS.sub("", value) if isinstance(value, str) else value


def _set_in(name: str, file: dict[str, Any], *, environment: bool) -> SetIn:
    if environment and _variable(name) in os.environ:
        return "environment"
    return "file" if name in file else "default"


def _variable(name: str) -> str:
    return f"BOTTEGA_{name.upper()}"


def _file_of(shop: OpenShop) -> dict[str, Any]:
    return _toml(shop.folder.root / SETTINGS_FILE)


def _toml(path: Any) -> dict[str, Any]:
    """What a file of settings says; nothing where there is none, or one that cannot be read."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError):
        return {}


def _not_here(name: str) -> RequestInvalid:
    if name in ServerSettings.model_fields:
        where = f"It is the server's: in {SETTINGS_FILE}, in {SHOPS_FILE} of several shops, or {_variable(name)}."
    elif name in ShopSettings.model_fields:
        where = f"It counts from the next start of the server, as {SETTINGS_FILE} of the shop's folder says it."
    else:
        return RequestInvalid(
            f"There is no setting {shown(name)}.",
            allowed=f"Those that hold at once are {', '.join(LIVE)}.",
            next_step="Name one of these.",
        )
    return RequestInvalid(f"{name} cannot be changed while the server runs.", allowed=where, next_step="Set it there.")
