"""What is asked and told of settings: light to import, for the doors."""

from __future__ import annotations

import json
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field

from bottega.shop.shape import Request, Shape

__all__ = ["ChangeSettingRequest", "ChangedSetting", "SetIn", "SettingInfo", "SettingsAnswer", "SettingsRequest"]

SetIn = Literal["default", "file", "environment"]


def _as_text(value: object) -> object:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


class SettingsRequest(Request):
    """Which settings."""

    EXAMPLES: ClassVar = {"Those that hold at once": {"live": True}}

    live: bool = Field(default=False, description="Only those that hold at once, without a start of the server.")


class SettingInfo(Shape):
    """One setting."""

    name: str
    meaning: str = Field(description="What it does, as in docs/settings.md.")
    value: Any = Field(description="What holds now; of an address with a password in it, without both.")
    default: Any = Field(description="What holds where nobody sets it.")
    of: Literal["shop", "server"]
    set_in: SetIn = Field(
        description="Where it is set: in the environment, in the file (bottega.toml of the shop, shops.toml of the "
        "server of several), or nowhere: its default counts."
    )
    live: bool = Field(description="Whether it can be changed here, and holds at once.")
    kind: Literal["yes_no", "whole_number", "number", "choice", "choices", "list", "text", "table"]
    choices: list[str] = Field(default=[], description="Of a choice, and of choices.")
    least: float | None = Field(default=None, description="Of a number.")
    most: float | None = Field(default=None, description="Of a number.")


class SettingsAnswer(Shape):
    """Settings of the shop, then those of the server."""

    settings: list[SettingInfo]


class ChangeSettingRequest(Request):
    """One setting that holds at once, changed; it is written into the shop's bottega.toml."""

    EXAMPLES: ClassVar = {"Lists that are more varied": {"name": "diversity", "value": "0.4"}}

    name: str = Field(min_length=1, max_length=100, description="Of the setting.")
    value: Annotated[str, BeforeValidator(_as_text)] = Field(
        default="",
        max_length=10_000,
        description="What shall hold: true or false, a number, a text, or of several values one a line or a JSON list.",
    )
    reset: bool = Field(default=False, description="Take it out of the file instead, so that its default counts.")


class ChangedSetting(Shape):
    """What was changed, and how it was before."""

    name: str
    value: Any = Field(description="What holds now.")
    before: Any = Field(description="What held before.")
    was_set: bool = Field(description="Whether the file had set it before; else its default held.")
