"""Commands made from the list of verbs, for those that have none of their own: options from the request's fields.

Nothing of a verb is imported before its command is asked for: the list of all commands needs names and lines of help
alone, and a command's own help only the shape of its request.
"""

from __future__ import annotations

import inspect
import json
import types
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, Union, get_args, get_origin

import typer
from typer.core import TyperCommand, TyperGroup

from bottega.actions.verb import Kind, Verb
from bottega.actions.verbs import VERBS
from bottega.serving.cli.console import EXIT_NOTHING_DONE, bar, guard
from bottega.serving.cli.options import ShopFolder
from bottega.texts import plain_fault, sentence

if TYPE_CHECKING:
    from bottega.shop.shape import Upload

__all__ = ["Commands", "VerbCommand", "show"]

_PLAIN = (str, int, float, Path)
_NOT_GIVEN = "not given"
_ID_MOST = 32
"""Letters of an id that stands in a table."""


class Commands(TyperGroup):
    """The commands written by hand, and below them one for each other verb that has words on the command line."""

    def __init__(self, **known: Any) -> None:
        super().__init__(**known)
        for verb in VERBS:
            if not verb.command:
                continue
            *above, name = verb.command.split()
            group: Any = self
            for word in above:
                if word not in group.commands:
                    group.add_command(TyperGroup(name=word, help=_of_group(word), no_args_is_help=True))
                group = group.commands[word]
            if isinstance(group, TyperGroup) and name not in group.commands:
                group.add_command(VerbCommand(verb, name))

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except typer.BadParameter as error:
            if isinstance(checked := error.__cause__, ValueError) and (problems := getattr(checked, "errors", None)):
                error.message = sentence(plain_fault(problems()[0]))  # our words for what a check of types says
            raise


class VerbCommand(TyperCommand):
    """Its parameters are made when they are asked for."""

    def __init__(self, verb: Verb, name: str) -> None:
        self._verb = verb
        self._made: TyperCommand | None = None
        super().__init__(name, help=verb.help)

    @property
    def params(self) -> Any:
        return self._real().params

    @params.setter
    def params(self, _: Any) -> None:
        pass

    @property
    def callback(self) -> Any:
        return self._real().callback

    @callback.setter
    def callback(self, _: Any) -> None:
        pass

    def _real(self) -> TyperCommand:
        if self._made is None:
            alone = typer.Typer(add_completion=False)
            alone.command(self.name, help=self._verb.help)(_function(self._verb))
            made: Any = typer.main.get_command(alone)
            self._made = made
        assert self._made is not None
        return self._made


def _of_group(word: str) -> str:
    return f"{word.capitalize()}: {', '.join(each.command.split()[-1] for each in VERBS if _within(each, word))}."


def _within(verb: Verb, word: str) -> bool:
    return verb.command.startswith(f"{word} ")


def _function(verb: Verb) -> Callable[..., None]:
    """The command: the request's fields as parameters, `--json` and `--shop`."""
    fields = verb.takes.model_fields
    readers: dict[str, Callable[[Any], Any]] = {}
    parameters = []
    for name in sorted(fields, key=lambda name: verb.arguments.index(name) if name in verb.arguments else 99):
        field = fields[name]
        kind, readers[name] = _typed(field.annotation)
        required = field.is_required()
        told: dict[str, Any] = {"help": field.description or "", "show_default": False}
        said: Any
        if name in verb.arguments:
            said = typer.Argument(metavar=name.upper(), **told)
        else:
            said = typer.Option(("--no-" if field.default is True else "--") + _dashed(name), **told)
        default: Any = inspect.Parameter.empty if required else (False if kind is bool else None)
        kind = kind if required or kind is bool else kind | None
        parameters.append(_parameter(name, Annotated[kind, said], default))
    as_json = Annotated[bool, typer.Option("--json", help="Print the answer of the API as JSON.")]
    parameters += [_parameter("as_json", as_json, False), _parameter("shop", ShopFolder, Path())]

    def command(*, as_json: bool, shop: Path, **given: Any) -> None:
        from bottega.shop.open_shop import OpenShop

        with guard(), bar() as progress, OpenShop.open(shop) as opened:
            said = {name: value for name, value in given.items() if value not in (None, [], False)}
            negated = {name for name in said if fields[name].default is True}
            request = verb.takes.model_validate(
                {name: name not in negated and readers[name](value) for name, value in said.items()}
            )
            extra = {"progress": progress} if verb.kind is Kind.JOB else {}
            answer = verb.run_by(opened, request, **extra)
        if as_json:
            typer.echo(answer.model_dump_json(indent=2))
        else:
            show(told := answer.model_dump(mode="json"))
            if told.get("missing_ids") and not any(value for value in told.values() if isinstance(value, int)):
                raise typer.Exit(EXIT_NOTHING_DONE)

    command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    command.__annotations__ = {each.name: each.annotation for each in parameters}
    return command


def _typed(annotation: Any) -> tuple[Any, Callable[[Any], Any]]:
    """What the command line takes for a field, and how it becomes the field's value; what is no plain value is JSON."""
    from bottega.shop.shape import Upload

    while get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if get_origin(annotation) in (Union, types.UnionType):
        inner = [each for each in get_args(annotation) if each is not type(None)]
        return _typed(inner[0]) if len(inner) == 1 and inner[0] is not bool else (str, _text_or_json)
    if annotation is bool or annotation in _PLAIN:
        return annotation, lambda value: value
    if get_origin(annotation) is Literal:
        return str, lambda value: value
    if annotation is Upload:
        return Path, _photo
    if get_origin(annotation) is list:
        (part,) = get_args(annotation)
        kind, read = _typed(part)
        many: Any = types.GenericAlias(list, (kind,))
        return many, lambda values: [read(value) for value in values]
    return str, _text_or_json


def _photo(path: Path) -> Upload:
    from bottega.shop.pictures.uploads import read_uploads

    return read_uploads([path])[0]


def _text_or_json(text: str) -> Any:
    from bottega.errors import RequestInvalid

    if text[:1] not in ("{", "["):
        return text
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise RequestInvalid(f"{text[:80]!r} is not JSON.", next_step="Correct it and try again.") from error


def show(answer: dict[str, Any]) -> None:
    """An answer as lines and tables: a list of things is a table, a dictionary in it a column for each of its names. An
    id is what the next command is given, so none is cut short: a long one stands below the table."""
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False, markup=False)
    for name, value in answer.items():
        if not (isinstance(value, list) and value and isinstance(value[0], dict)):
            console.print(f"{name.replace('_', ' ')}: {_cell(value)}", soft_wrap=True)
            continue
        rows = [_spread(each) for each in value]
        columns = list(dict.fromkeys(column for row in rows for column in row))
        ids = [column for column in columns if column == "id" or column.endswith("_id")]
        long = [column for column in ids if any(len(_cell(row.get(column))) > _ID_MOST for row in rows)]
        columns = [column for column in columns if column not in long]
        table = Table(box=None, highlight=False)
        for column in columns:
            table.add_column(
                column.replace("_", " "), no_wrap=column in ids, overflow="fold" if column in ids else "ellipsis"
            )
        for row in rows:
            table.add_row(*(_cell(row.get(column)) for column in columns))
        console.print(table)
        for row in rows if long else ():
            for column in long:
                console.print(f"{column.replace('_', ' ')}: {_cell(row.get(column))}", soft_wrap=True)


def _spread(row: dict[str, Any]) -> dict[str, Any]:
    cells: dict[str, Any] = {}
    for name, value in row.items():
        if isinstance(value, dict):
            cells |= {key: _NOT_GIVEN if each is None else each for key, each in value.items()}
        else:
            cells[name] = value
    return cells


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(_cell(each) for each in value) or "none"
    return f"{value:,}" if isinstance(value, int) else str(value)


def _dashed(name: str) -> str:
    return name.replace("_", "-")


def _parameter(name: str, annotation: Any, default: Any) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=annotation, default=default)
