"""What was said since the wish began, line by line: the wish's parts say what must hold, all of it what comes first.

Only another thing that is surely meant, and "forget it", let go of what was said before.
"""

from __future__ import annotations

from dataclasses import replace

from bottega.actions.assistant.going_on import describes
from bottega.actions.assistant.turn_plan import PlannedLine, TurnPlan, VerbCall
from bottega.models.dialogue.commands import Intent
from bottega.models.dialogue.state import SaidLine, TalkState

__all__ = ["remembered"]

LINES_MOST = 12
"""The first line, which mostly says what is looked for, and the newest ones."""
LINE_MOST = 400
"""Characters kept of a line."""


def remembered(made: TurnPlan, before: TalkState, line: PlannedLine) -> TurnPlan:
    """With this line beside what was said before it."""
    said, turn = before.said, made.state.turn
    intents = [one.intent for one in made.understood]
    missing = any(isinstance(step, VerbCall) and step.missing for step in made.steps)
    if Intent.CANCEL in intents or (not missing and _begun_anew(before, made.state)):
        said = ()
    elif Intent.CORRECTION in intents:
        said = said[:-1]
    told = describes(made.understood, made.state.wish, line) or Intent.CORRECTION in intents
    if told or (Intent.CANCEL in intents and made.state.wish):
        for words in (line.whole_text, *(one.words for one in made.understood)):
            if words.strip() and not any(words in one.words for one in said):
                said = (*said, SaidLine(turn, words[:LINE_MOST]))
    if len(said) > LINES_MOST:
        said = (said[0], *said[len(said) - LINES_MOST + 1 :])
    return replace(made, state=replace(made.state, said=said))


def _begun_anew(before: TalkState, after: TalkState) -> bool:
    """Whether nothing is left of the wish before, and no product stands for it."""
    stays = any(part.turn < after.turn for part in after.wish)
    return bool(before.wish and after.wish) and not after.product_id and not stays
