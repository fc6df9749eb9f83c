"""The verbs, each said once (verb.py says what a line holds), in a file for each part of the shop.

HTTP routes and commands are made from this list, and whoever else opens a door (jobs, a console, an assistant) takes it
from here too: a new ability is one file in a group of this room and one line in a file of this folder.
"""

from __future__ import annotations

from bottega.actions.verb import Verb
from bottega.actions.verbs import (
    answers,
    dressing_room,
    eye,
    intake,
    pictures,
    proof,
    rules,
    running,
    shoppers,
    studio,
    talks,
    wording,
)

__all__ = ["VERBS", "verb"]

VERBS: tuple[Verb, ...] = tuple(
    each
    for part in (answers, rules, eye, pictures, studio, dressing_room, intake, shoppers, talks, wording, proof, running)
    for each in part.VERBS
)
"""Every verb that a door may offer, in the order of the manuals."""

_BY_NAME = {each.name: each for each in VERBS}


def verb(name: str) -> Verb:
    """The verb of a name."""
    return _BY_NAME[name]
