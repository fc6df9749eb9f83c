"""docs/keys.md: its signatures hold, and its tables are those of the code; docs/webhooks.md names every topic."""

from __future__ import annotations

import hmac
import re
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any, get_args

import pytest
from fastapi.routing import APIRoute

from bottega.actions.running.secrets import PURPOSES
from bottega.actions.verbs import VERBS
from bottega.actions.webhooks.platforms import PLATFORMS
from bottega.actions.webhooks.shapes import Result
from bottega.names import Role
from bottega.serving.http import catalogue_file, check_page, check_sent, jobs, lookbooks, metrics, reports, videos
from bottega.serving.http.auth import opening_of
from bottega.serving.http.webhooks import MAX_BYTES
from bottega.shop.doors.visitors import check_signature

DOCS = Path(__file__).parents[2] / "docs"
KEYS = (DOCS / "keys.md").read_text(encoding="utf-8")
WEBHOOKS = (DOCS / "webhooks.md").read_text(encoding="utf-8")
SHOPPER, SECRET = "10 50/é", "a secret"


def block(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", KEYS, re.DOTALL)
    assert found
    return found[1]


def test_the_signature_in_python_holds() -> None:
    names: dict[str, Any] = {"time": time, "hmac": hmac, "shopper_id": SHOPPER, "secret": SECRET}
    exec(block("python"), names)
    check_signature(SHOPPER, names["signature"], [SECRET])


@pytest.mark.parametrize(
    ("language", "program", "arguments", "before", "after"),
    [
        (
            "js",
            "node",
            ["-e"],
            f'const crypto = require("crypto"), shopperId = "{SHOPPER}", secret = "{SECRET}";',
            "console.log(signature);",
        ),
        ("php", "php", ["-r"], f'$shopperId = "{SHOPPER}"; $secret = "{SECRET}";', "echo $signature;"),
    ],
)
def test_the_signature_in_other_languages_holds(
    language: str, program: str, arguments: list[str], before: str, after: str
) -> None:
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not here; install it to run the {language} of docs/keys.md")
    command = [program, *arguments, f"{before}\n{block(language)}\n{after}"]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    check_signature(SHOPPER, done.stdout.strip(), [SECRET])


def test_the_routes_of_a_visitor_are_those_of_the_verbs() -> None:
    section = KEYS.split("## What a publishable key opens")[1].split("\n## ")[0]
    assert set(re.findall(r"`((?:GET|POST) /v1/[\w/-]+)`", section)) == {one.route for one in VERBS if one.visitor}


def test_the_routes_of_a_role_are_those_of_the_code() -> None:
    rows = dict(re.findall(r"^\| `(read|events|manage|admin)` \| [^|]* \|(.*)\|$", KEYS, re.MULTILINE))
    told = {role: set(re.findall(r"`((?:GET|POST|PATCH) /[^`]+)`", row)) for role, row in rows.items()}
    routers = (jobs, catalogue_file, check_sent, check_page, lookbooks, reports, videos, metrics)
    coded: dict[str, set[str]] = {role: {one.route for one in VERBS if one.route and one.role == role} for role in told}
    for route in (route for module in routers for route in module.router.routes if isinstance(route, APIRoute)):
        opening = opening_of(route)
        if opening is not None and opening.role is not None:
            coded[opening.role] |= {f"{method} {route.path}" for method in route.methods or ()}
    assert list(told) == [role.value for role in Role] and told == coded


def test_every_purpose_of_a_secret_has_its_line() -> None:
    section = KEYS.split("## Secrets")[1]
    assert set(re.findall(r"^\| `([\w-]+)` \|", section, re.MULTILINE)) == set(PURPOSES)
    assert {f"{name}-webhook" for name in PLATFORMS} <= set(PURPOSES)


def test_every_platform_topic_and_result_is_explained() -> None:
    assert f"{MAX_BYTES // 10**6} MB" in WEBHOOKS
    for platform in PLATFORMS.values():
        assert f"`/v1/webhooks/{platform.name}`" in WEBHOOKS and platform.signature in WEBHOOKS.lower()
        for topic, deed in platform.topics.items():
            assert f"`{topic}`" in WEBHOOKS or deed.name.startswith("FETCH"), topic
    assert set(re.findall(r"^\| `(\w+)` \|", WEBHOOKS, re.MULTILINE)) - {"result"} == set(get_args(Result))
