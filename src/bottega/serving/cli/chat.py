"""`bottega chat`: a talk with the assistant on the terminal."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bottega.serving.cli.console import guard, note, say
from bottega.serving.cli.options import ShopFolder

if TYPE_CHECKING:
    from bottega.actions.assistant.shapes import AssistantAnswer

__all__ = ["chat"]

END = frozenset({"/end", "/quit", "/exit"})
OWNERS = {
    "waiting": "A person has been asked for; what you write is kept for them.",
    "person": "A person has this talk; what you write is kept for them.",
}
"""What is said beside an answer, where the assistant has the word no longer."""


def chat(
    shopper: Annotated[str | None, typer.Option(help="Who talks; nobody where absent.")] = None,
    language: Annotated[str | None, typer.Option(help="Of the answers: de, en, es, fr, it.")] = None,
    n: Annotated[int, typer.Option("--n", min=1, max=24, help="Most products of a turn.")] = 6,
    as_json: Annotated[bool, typer.Option("--json", help="Print each answer of the API as a line of JSON.")] = False,
    shop: ShopFolder = Path(),
) -> None:
    """Talk with the assistant. A line that begins with # presses that button; /photo FILE sends a photo; /end ends."""
    from bottega.actions.assistant.assistant import assistant
    from bottega.actions.assistant.shapes import AssistantRequest
    from bottega.errors import BottegaError, RequestInvalid
    from bottega.shop.open_shop import OpenShop
    from bottega.shop.pictures.uploads import read_uploads

    with guard(), OpenShop.open(shop) as opened:
        talk_id: str | None = None
        buttons: list[str] = []
        if not as_json:
            note(
                "What are you looking for? #1 presses the first button, /photo FILE sends a photo, /end ends the talk."
            )
        while (line := _asked(prompt=not as_json)) is not None:
            fields: dict[str, object] = {"talk_id": talk_id, "shopper": shopper, "language": language, "n": n}
            try:
                if line.startswith("#"):
                    fields["button"] = _pressed(line, buttons)
                elif line.startswith("/photo "):
                    [fields["photo"]] = read_uploads([Path(line.removeprefix("/photo ").strip())])
                else:
                    fields["text"] = line[:1000]
                answer = assistant(opened, AssistantRequest.model_validate(fields))
            except RequestInvalid as error:
                note(str(error))
                continue
            except BottegaError as error:
                if talk_id is None:
                    raise
                note(str(error))
                continue
            talk_id, buttons = answer.talk_id, [one.value for one in answer.buttons]
            if as_json:
                typer.echo(answer.model_dump_json(by_alias=True))
            else:
                _show(answer)


def _asked(*, prompt: bool) -> str | None:
    """The next line that says something; None at the end."""
    while True:
        try:
            line = input("> " if prompt else "").strip()
        except (EOFError, KeyboardInterrupt):
            return None
        if line in END:
            return None
        if line:
            return line


def _pressed(line: str, buttons: list[str]) -> str:
    """The value of the button of a number, as in #2; else the line as it is, for the assistant to refuse."""
    number = line.removeprefix("#").strip()
    place = int(number) if number.isdigit() else 0
    return buttons[place - 1] if 0 < place <= len(buttons) else number or "#"


def _show(answer: AssistantAnswer) -> None:
    for sentence in answer.text:
        say(sentence)
    mixed = any(not one.close for one in answer.products)  # where all come near only, the sentence says so
    for one in answer.products:
        why = f"  ({'; '.join(one.reasons)})" if one.reasons else ""
        close = "  (close only)" if one.close and mixed else ""
        say(f"  {one.place}. {one.title}  {one.price}{close}{why}  [{one.product_id}]")
    sources = dict.fromkeys(source.text for source in answer.sources if source.text)
    if sources:
        note(f"Source: {'; '.join(sources)}")
    if answer.buttons:
        note("  ".join(f"#{place} {one.label}" for place, one in enumerate(answer.buttons, start=1)))
    if (whose := OWNERS.get(answer.owner)) is not None:
        note(whose)
