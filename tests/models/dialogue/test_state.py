"""The state of a talk goes to the store and comes back."""

from __future__ import annotations

import json

from bottega.models.dialogue.state import OpenQuestion, Shown, TalkState, WishPart


def test_a_state_comes_back_from_plain_values() -> None:
    state = TalkState(
        "de",
        3,
        (WishPart("kind", "Lampe", turn=1), WishPart("color", "rot", denied=True, turn=2)),
        shown=(Shown("lamp 7/a", "Lampe"), Shown("ü", "")),
        next=8,
        focus="lamp 7/a",
        asked=OpenQuestion("color", ("red", "blue")),
        asked_before=("color",),
        misunderstood=1,
        name="Ana",
    )
    assert TalkState.from_json(json.loads(json.dumps(state.to_json()))) == state


def test_a_state_of_another_version_is_begun_anew_in_its_language() -> None:
    said = TalkState("fr", 3, focus="x").to_json() | {"version": 99, "new": 1}
    assert TalkState.from_json(said) == TalkState("fr")
