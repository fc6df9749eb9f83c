"""A button of an answer, pressed: what a shopper would have said with it, as commands. Pure.

A button's value is one of a few words and a number that counts within what the talk showed or asked; nothing of it is
text that is read.
"""

from __future__ import annotations

import re
from dataclasses import replace

from bottega.actions.assistant.planning import plan
from bottega.actions.assistant.turn_plan import PlannedLine, TurnPlan, VerbCall
from bottega.actions.assistant.wish import KIND, HeardWords
from bottega.errors import RequestInvalid
from bottega.models.dialogue.commands import Command, Intent, LineReading, Pointing, PointingWay
from bottega.models.dialogue.state import TalkState, WishPart

__all__ = ["pressed"]

_FORM = re.compile(r"(more|cancel|person|yes|no|cheaper)|(drop|choose|similar|look):([1-9][0-9]?)")
_WORDS = {
    "more": Command(Intent.MORE),
    "cancel": Command(Intent.CANCEL),
    "person": Command(Intent.PERSON),
    "yes": Command(Intent.CHAT, about="yes"),
    "no": Command(Intent.CHAT, about="no"),
    "cheaper": Command(Intent.REFINE),
}


def pressed(state: TalkState, button: str, line: PlannedLine) -> TurnPlan:
    """The plan of a button; `line` knows prices, and whether somebody is named. Raises `RequestInvalid`."""
    found = _FORM.fullmatch(button)
    if found is None:
        raise _stale(button)
    if found[1]:
        heard = HeardWords(step="cheaper") if button == "cheaper" else HeardWords()
        return plan(state, replace(line, reading=_read(state, _WORDS[button]), heard=(heard,)))
    name, place = found[2], int(found[3])
    if name in ("similar", "look"):
        if place > len(state.shown):
            raise _stale(button)
        at = Pointing(PointingWay.PLACE, (place,))
        command = Command(Intent.MORE if name == "similar" else Intent.LOOK, at=(at,))
        pointed = {at: (state.shown[place - 1].product_id,)}
        return plan(state, replace(line, reading=_read(state, command), heard=(HeardWords(),), pointed=pointed))
    if name == "drop":
        if place > len(state.wish):
            raise _stale(button)
        left = (*state.wish[: place - 1], *state.wish[place:])
        command = Command(Intent.REFINE)
        if not left and not state.product_id:
            return plan(state, replace(line, reading=_read(state, Command(Intent.CANCEL)), heard=(HeardWords(),)))
        return TurnPlan(replace(state, wish=left, listing="search"), (VerbCall("search", command),), (command,))
    asked = state.asked
    if asked is None or place > len(asked.options):
        raise _stale(button)
    option = asked.options[place - 1]
    if asked.what == "person":
        command = Command(Intent.CHAT, about=option)
        return plan(state, replace(line, reading=_read(state, command), heard=(HeardWords(),)))
    if asked.what == "intent":
        command = Command(Intent(option), words=line.whole_text)
        return plan(state, replace(line, reading=_read(state, command), heard=(line.whole,)))
    heard = HeardWords((WishPart(asked.what, option, origin="button"),))
    intent = Intent.SEARCH if asked.what == KIND and not state.wish else Intent.REFINE
    return plan(state, replace(line, reading=_read(state, Command(intent, words=option)), heard=(heard,)))


def _read(state: TalkState, command: Command) -> LineReading:
    return LineReading((command,), state.language)


def _stale(button: str) -> RequestInvalid:
    return RequestInvalid(
        f"Button {button[:80]!r} is none of this talk's.",
        allowed="A button is a `value` of the answer before, of the same talk.",
        next_step="Send one of these, or say it in `text`.",
    )
