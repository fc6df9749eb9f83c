"""docs/jobs.md names every verb that a worker may do, with all that it takes; docs/api.md shows this version."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bottega import __version__
from bottega.actions.verb import Verb
from bottega.actions.verbs import VERBS

DOCS = Path(__file__).parents[2] / "docs"
LATER = [verb for verb in VERBS if verb.later]


@pytest.mark.parametrize("verb", LATER, ids=lambda verb: verb.name)
def test_what_a_job_takes_is_in_the_table(verb: Verb) -> None:
    row = re.search(rf"^\| `{verb.name}` \|[^|]*\|([^|]*)\|$", (DOCS / "jobs.md").read_text(), re.MULTILINE)
    assert row is not None
    assert set(re.findall(r"`(\w+)`", row[1])) == set(verb.takes.model_fields)


def test_the_api_page_names_every_job() -> None:
    section = (DOCS / "api.md").read_text().split("## POST /v1/jobs\n")[1].split("\n## ")[0]
    assert {verb.name for verb in LATER} <= set(re.findall(r"`(\w+)`", section))


def test_health_is_shown_of_this_version() -> None:
    section = (DOCS / "api.md").read_text().split("## GET /v1/health\n")[1].split("\n## ")[0]
    assert f'"version": "{__version__}"' in section
