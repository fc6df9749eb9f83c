"""A command says its `--help` at once: what is heavy is imported when a verb runs, not before."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

HEAVY = (
    "torch", "numpy", "polars", "scipy", "sqlalchemy", "alembic", "fastapi", "starlette", "uvicorn", "PIL", "numba",
    "lightgbm", "usearch", "structlog", "altair", "jinja2", "prometheus_client", "babel",
)  # fmt: skip
"""Each costs a twentieth of a second or more of CPU time, some of them two seconds."""
LIGHT = {
    "bottega.errors",
    "bottega.progress",
    "bottega.texts",
    "bottega.actions",
    "bottega.actions.verb",
    "bottega.actions.verbs",
    "bottega.names",
    "bottega.serving.refusals",
}
"""What the help of a command written by hand may need of other rooms: they import nothing but the standard library.

A command made from the list of verbs reads the shape of its request, too, and nothing that is heavy.
"""
CPU_S = 0.6
"""What a `--help` may cost."""
ASK_ALL = """
import json, sys
from typer.main import get_command
from typer.testing import CliRunner
from bottega.serving.cli.main import app
from bottega.serving.cli.verbs import VerbCommand

def commands(command, words):
    inside = getattr(command, "commands", None)
    yield isinstance(command, VerbCommand), words
    for name, below in (inside or {}).items():
        yield from commands(below, [*words, name])

found = {}, {}
for made, words in sorted(commands(get_command(app), [])):  # those written by hand come first
    done = CliRunner().invoke(app, [*words, "--help"])
    assert done.exit_code == 0 and "Usage" in done.output, words
    found[made][" ".join(words)] = sorted(sys.modules)
print(json.dumps(found))
"""
ASK_ONE = """
import resource, sys
from bottega.serving.cli.main import app
try:
    app(sys.argv[1:])
except SystemExit:
    pass
used = resource.getrusage(resource.RUSAGE_SELF)
print(used.ru_utime + used.ru_stime)
"""


def said(program: str, *words: str) -> str:
    return subprocess.run([sys.executable, "-c", program, *words], check=True, capture_output=True, text=True).stdout


def test_no_help_imports_what_is_heavy() -> None:
    by_hand, made = json.loads(said(ASK_ALL))
    assert len(by_hand) > 20 and "compare" in made
    heavy = {name: sorted(set(HEAVY) & set(modules)) for name, modules in {**by_hand, **made}.items()}
    assert not any(heavy.values()), heavy
    ours = {module for modules in by_hand.values() for module in modules if module.startswith("bottega.")}
    others = {module for module in ours - LIGHT if not module.startswith("bottega.actions.verbs.")}
    rooms = {".".join(module.split(".")[:3]) for module in others}
    assert rooms <= {"bottega.serving", "bottega.serving.cli"}, rooms


@pytest.mark.parametrize("words", ["import catalogue", "compare"])
def test_a_help_costs_little_cpu(words: str) -> None:
    least = min(float(said(ASK_ONE, *words.split(), "--help").splitlines()[-1]) for _ in range(3))
    assert least < CPU_S
