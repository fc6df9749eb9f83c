"""What figures of drawn products say in words: where between the fences they lie, what was made of what was asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bottega.actions.studio.judged.shapes import JudgedPictures

__all__ = ["findings_of"]

_LADDER = ("other photos", "blurred by 1 px", "blurred by 2 px", "mean of the type")
"""Fences from the nearest to photos to the farthest."""
_USUAL = 0.01
"""Share of real photos that lie so near to one learnt from."""


def findings_of(sets: Sequence[JudgedPictures], on_real: Mapping[str, float]) -> list[str]:
    """A few sentences about each generator; one that says that there is none."""
    drawn = [one for one in sets if one.generated]
    if not drawn:
        return ["This shop draws no products that these photos show: what stands below are the fences alone."]
    fences = {one.name: one for one in sets if not one.generated}
    return [line for one in drawn for line in (_near(one, fences), _asked(one, on_real), _copied(one))]


def _near(one: JudgedPictures, fences: Mapping[str, JudgedPictures]) -> str:
    kid = one.measures["kid"]
    beyond = [name for name in _LADDER if fences[name].measures["kid"] < kid]
    before = [name for name in _LADDER if fences[name].measures["kid"] >= kid]
    lies = f"farther from photos than {_fence(beyond[-1], fences)}" if beyond else "as near to photos as photos are"
    less = f", nearer than {_fence(before[0], fences)}" if before and beyond else ""
    return f"{one.name}: {lies}{less} (kid {kid:.3f})."


def _fence(name: str, fences: Mapping[str, JudgedPictures]) -> str:
    what = name if name == "other photos" else f"the {name}" if name.startswith("mean") else f"photos {name}"
    return f"{what} ({fences[name].measures['kid']:.3f})"


def _asked(one: JudgedPictures, on_real: Mapping[str, float]) -> str:
    said = ", ".join(
        f"the {what} of {one.measures[head]:.0%} (of photos {on_real[head]:.0%})"
        for head, what in (("type", "type"), ("color", "colour"), ("gender", "gender"))
    )
    return f"Of its pictures the judge tells, as asked for, {said}."


def _copied(one: JudgedPictures) -> str:
    share = one.measures["memorised"]
    if share <= _USUAL:
        return f"It copies nothing: {share:.1%} lie as near to a photo learnt from as one in a hundred photos does."
    return f"{share:.1%} lie nearer to a photo learnt from than 99 of 100 photos do: look there for copies."
