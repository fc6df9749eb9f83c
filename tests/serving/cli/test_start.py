"""A command says its `--help` at once: what is heavy is imported when a verb runs, not before."""

from __future__ import annotations

import json
import subprocess
import sys

HEAVY = (
    "torch", "numpy", "polars", "scipy", "sqlalchemy", "alembic", "fastapi", "starlette", "uvicorn", "PIL", "numba",
    "lightgbm", "usearch", "structlog", "altair", "jinja2", "prometheus_client", "babel",
)  # fmt: skip
"""Each costs a twentieth of a second or more of CPU time, some of them two seconds."""
LIGHT = {"bottega.errors", "bottega.progress", "bottega.actions", "bottega.actions.verbs"}
"""What a help may need of other rooms: they import nothing but the standard library."""
CPU_S = 0.6
"""What a `--help` may cost."""
ASK_ALL = """
import json, sys
from typer.main import get_command
from typer.testing import CliRunner
from bottega.serving.cli.main import app

def commands(command, words):
    inside = getattr(command, "commands", None)
    yield words
    for name, below in (inside or {}).items():
        yield from commands(below, [*words, name])

found = {}
for words in commands(get_command(app), []):
    done = CliRunner().invoke(app, [*words, "--help"])
    assert done.exit_code == 0 and "Usage" in done.output, words
    found[" ".join(words)] = sorted(sys.modules)
print(json.dumps(found))
"""
ASK_ONE = """
import resource, sys
from bottega.serving.cli.main import app
try:
    app(["import", "catalogue", "--help"])
except SystemExit:
    pass
used = resource.getrusage(resource.RUSAGE_SELF)
print(used.ru_utime + used.ru_stime)
"""


def said(program: str) -> str:
    return subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout


def test_no_help_imports_what_is_heavy() -> None:
    found = json.loads(said(ASK_ALL))
    assert len(found) > 20
    heavy = {name: sorted(set(HEAVY) & set(modules)) for name, modules in found.items()}
    assert not any(heavy.values()), heavy
    ours = {module for modules in found.values() for module in modules if module.startswith("bottega.")}
    rooms = {".".join(module.split(".")[:3]) for module in ours if module not in LIGHT}
    assert rooms <= {"bottega.serving", "bottega.serving.cli"}, rooms


def test_a_help_costs_little_cpu() -> None:
    least = min(float(said(ASK_ONE).splitlines()[-1]) for _ in range(3))
    assert least < CPU_S
