"""The list of verbs says what is true: every line names a function of one shape, with the types it is said to have."""

from __future__ import annotations

import inspect
import subprocess
import sys
from typing import get_type_hints

import pytest

from bottega.actions.verb import Kind, Verb
from bottega.actions.verbs import VERBS, verb
from bottega.progress import Progress
from bottega.shop.open_shop import OpenShop
from bottega.shop.shape import Shape

each_verb = pytest.mark.parametrize("one", VERBS, ids=lambda one: one.name)


@each_verb
def test_function_has_the_shape_of_a_verb(one: Verb) -> None:
    parameters = inspect.signature(one.run).parameters
    first, second, *others = parameters.values()
    assert (first.name, second.name) == ("shop", "request")
    assert all(each.kind is each.KEYWORD_ONLY and each.default is not each.empty for each in others)
    hints = get_type_hints(one.run, localns={"OpenShop": OpenShop})
    assert hints["shop"] is OpenShop
    assert hints["request"] is one.takes and issubclass(one.takes, Shape)
    assert hints["return"] is one.gives and issubclass(one.gives, Shape)
    if one.kind is Kind.JOB:
        assert hints["progress"] == Progress


@each_verb
def test_the_line_names_fields_that_are_there(one: Verb) -> None:
    assert set(one.arguments) <= set(one.takes.model_fields)
    assert one.help.endswith(".") and "\n" not in one.help
    assert not one.route or (one.method in ("GET", "POST", "PATCH") and one.path.startswith("/v1/"))


def test_names_routes_and_commands_are_given_once() -> None:
    for said in ([one.name for one in VERBS], [one.route for one in VERBS], [one.command for one in VERBS]):
        given = [each for each in said if each]
        assert len(given) == len(set(given))
    assert verb("recommend") is VERBS[0]


def test_reading_the_list_imports_nothing_heavy() -> None:
    code = "import sys, bottega.actions.verbs; print([m for m in ('torch', 'numpy', 'polars') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
