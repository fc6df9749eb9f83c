"""Whether a line goes on with the wish that a talk stands at, and what it adds to it. Pure.

Idea     What shoppers say later is mostly about what they said first. So another thing begins a new wish only where it
         is surely meant; a thing that in this shop is mostly said of the first, its battery, is what that shall have;
         and a line that asks or chats may describe what is wanted all the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bottega.actions.assistant.turn_plan import PlannedLine, TurnPlan, VerbCall
from bottega.actions.assistant.wish import KIND, PRICE, WORDS, HeardWords, refined, same_thing
from bottega.languages.fold import tokens
from bottega.languages.lexicon import lexicon
from bottega.models.dialogue.commands import Command, Intent, PointingWay
from bottega.models.dialogue.state import WishPart

__all__ = [
    "SURELY_ANOTHER",
    "as_words",
    "beside",
    "beyond",
    "describes",
    "gone_on",
    "is_about",
    "noted",
    "of_all",
    "of_the_thing",
    "only_describes",
]

SURELY_ANOTHER = 0.8
"""From this chance a wish for another thing begins anew; below it the thing is what the first shall have."""


def gone_on(
    wish: Sequence[WishPart], command: Command, heard: HeardWords, line: PlannedLine
) -> tuple[HeardWords, bool]:
    """What is heard, and whether it goes on with the wish: only another thing that is surely meant begins anew."""
    if not wish:
        kind = heard.kind is not None  # "a laptop with a stylus": the thing is here, so the search may say the rest
        return (replace(heard, missing="") if kind else heard), False
    named = [part.words for part in heard.parts if part.what == KIND and not part.denied]
    if heard.missing and named and is_about(wish, heard):
        heard = replace(heard, missing="")
    if not heard.missing and is_about(wish, heard):
        return heard, True
    if heard.order:
        return heard, False
    surely = command.chance >= SURELY_ANOTHER and not command.at and any(_is_thing(one, line) for one in named)
    if heard.missing and (command.chance >= SURELY_ANOTHER or not heard.parts):
        surely = True
    return (heard, False) if surely else (as_words(heard), True)


def _is_thing(name: str, line: PlannedLine) -> bool:
    """Whether a name is of a thing of its own: not of what the talk is about, nor of a use ("protection")."""
    uses = [one for one in lexicon().means(tuple(tokens(name))) if one.concept.startswith("purpose.")]
    return not uses and name not in line.belonging


def as_words(heard: HeardWords) -> HeardWords:
    """Things that a line names beside what the talk is about: what that shall have or be for, "with lights"."""
    parts = [replace(part, what=WORDS) if part.what == KIND else part for part in heard.parts]
    return replace(heard, parts=tuple(parts), missing="")


def of_the_thing(wish: Sequence[WishPart], heard: HeardWords) -> HeardWords:
    """Only what is the wish's own thing takes its place; what stands beside it is what it shall have."""
    had = [part.words for part in wish if part.what == KIND and not part.denied]
    parts = [
        replace(part, what=WORDS)
        if had and part.what == KIND and not any(same_thing(one, part.words) for one in had)
        else part
        for part in heard.parts
    ]
    return replace(heard, parts=tuple(parts))


def is_about(wish: Sequence[WishPart], heard: HeardWords) -> bool:
    if heard.kind is None:
        return not heard.order  # "the dearest thing that you have" is of all the shop
    had = [part.words for part in wish if part.what == KIND and not part.denied]
    named = [part.words for part in heard.parts if part.what == KIND and not part.denied]
    return any(same_thing(one, other) for one in had for other in named)


def beside(heard: HeardWords, command: Command, line: PlannedLine, at: Sequence[str]) -> HeardWords:
    """What was heard beside the words that point: of "the blue boots, but in red" the red."""
    if not at:
        return heard
    pointing = {word for one in command.at for word in tokens(one.words)}
    title = line.titles.get(at[0], "")
    parts = [
        part
        for part in heard.parts
        if not pointing.issuperset(tokens(part.words)) and not (part.what == KIND and same_thing(title, part.words))
    ]
    return replace(heard, parts=tuple(parts))


def only_describes(command: Command, heard: HeardWords) -> bool:
    """Whether "it" is not to be otherwise, in a value that can be changed, but is only described further."""
    focus = all(one.way is PointingWay.FOCUS for one in command.at)
    return focus and bool(heard.parts) and not heard.step and all(part.what in (WORDS, KIND) for part in heard.parts)


def of_all(command: Command) -> bool:
    """Whether it is said of all that was shown: "they need to be for a woman" is of the wish, and of none of them."""
    return all(one.way is PointingWay.ALL for one in command.at)


def beyond(step: str, price: float, turn: int) -> WishPart:
    """Prices below, or above, one price."""
    words = f"under {price - 0.01:.2f}" if step == "cheaper" else f"over {price + 0.01:.2f}"
    return WishPart(PRICE, words, turn=turn)


_TELLING = frozenset(
    {Intent.SEARCH, Intent.REFINE, Intent.ASK, Intent.SUGGEST, Intent.MORE, Intent.COMPARE, Intent.LOOK}
)
"""Lines that may describe what is looked for, whatever else they ask."""
_OF_ITSELF = frozenset({"price", "stock", "size", "measure", "rating"})
"""What is asked of a product as it is: such a question tells no liking."""


def noted(made: TurnPlan, before: Sequence[WishPart], line: PlannedLine) -> TurnPlan:
    """With what else a line describes: "is it light enough to carry upstairs?" asks, and tells what is wanted."""
    wish, commands = made.state.wish, made.understood
    if not wish or made.state.product_id or line.whole.step or not describes(commands, wish, line):
        return made
    polite = {word for one in commands if one.intent is Intent.CHAT for word in tokens(one.words)}
    had = {part.words for part in (*before, *wish)}
    told = tuple(
        replace(part, what=WORDS)
        for part in line.whole.parts
        if part.what in (WORDS, KIND)
        and not part.denied  # "not that much heavier": what a question denies shuts nothing out
        and part.words not in had
        and not polite.issuperset(tokens(part.words))
    )
    if not told:
        return made
    state = replace(made.state, wish=refined(wish, HeardWords(told), turn=made.state.turn))
    searched = any(isinstance(step, VerbCall) and step.verb == "search" for step in made.steps)
    if state.listing == "search" and state.next is not None and not searched:
        state = replace(state, next=0)  # the list shown was of the wish before: the next one is of this
    return replace(made, state=state)


def describes(commands: Sequence[Command], wish: Sequence[WishPart], line: PlannedLine) -> bool:
    """Whether a line may tell of what is looked for, beside what it asks."""
    if not commands:
        return True
    if not all(one.intent in _TELLING or _only_polite(one) for one in commands):
        return False
    if not any((one.intent in _TELLING or _is_remark(one)) and one.about not in _OF_ITSELF for one in commands):
        return False
    if any(one.at and any(at.way not in (PointingWay.FOCUS, PointingWay.ALL) for at in one.at) for one in commands):
        return False  # what is said of the second one is of that one
    return any(one.intent in (Intent.SEARCH, Intent.REFINE) for one in commands) or not _is_of_another(wish, line)


def _is_remark(command: Command) -> bool:
    return command.intent is Intent.CHAT and command.about in ("", "other")


def _is_of_another(wish: Sequence[WishPart], line: PlannedLine) -> bool:
    """Whether a question names another thing than the talk is about: "and how warm are your boots?"."""
    had = [part.words for part in wish if part.what == KIND and not part.denied]
    named = [part.words for part in line.whole.parts if part.what == KIND and not part.denied]
    return any(_is_thing(one, line) and not any(same_thing(one, other) for other in had) for one in named)


def _only_polite(command: Command) -> bool:
    return command.intent is Intent.CHAT and command.about not in ("no", "yes")
