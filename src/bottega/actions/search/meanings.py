"""What words mean by shoppers' clicks: listed for the merchant with what speaks for it, taken back, let in again."""

from __future__ import annotations

from bottega.actions.search.learning import work_out_meanings
from bottega.actions.search.meaning_shapes import (
    ForgetMeaningsAnswer,
    ForgetMeaningsRequest,
    LearntMeaningRow,
    MeaningsAnswer,
    MeaningsRequest,
    RestoreMeaningsRequest,
    State,
)
from bottega.models.search.learnt import PRODUCT
from bottega.shop.open_shop import OpenShop
from bottega.store.meanings import KeptMeaning

__all__ = ["forget_meanings", "list_meanings", "restore_meanings"]


def list_meanings(shop: OpenShop, request: MeaningsRequest) -> MeaningsAnswer:
    """What words may mean by what shoppers went on to, those of most votes first."""
    page, total = shop.store.meanings.page(state=request.state, phrase=request.phrase, after=request.after, n=request.n)
    ids = [one.value for one in page if one.field == PRODUCT]
    titles = shop.store.products.titles(ids)
    groups = {one.group_id: one.title for one in shop.store.products.in_groups(ids).values() if one.group_id}
    end = request.after + len(page)
    return MeaningsAnswer(
        meanings=[_shown(one, titles.get(one.value) or groups.get(one.value, "")) for one in page],
        total=total,
        next=end if end < total else None,
    )


def forget_meanings(shop: OpenShop, request: ForgetMeaningsRequest) -> ForgetMeaningsAnswer:
    """Take meanings back. The next search heeds them no more, and shoppers' clicks do not bring them back."""
    changed = shop.store.meanings.take_back(request.numbers, forgotten=True)
    shop.learnt_meanings()
    return ForgetMeaningsAnswer(changed=changed)


def restore_meanings(shop: OpenShop, request: RestoreMeaningsRequest) -> ForgetMeaningsAnswer:
    """Let meanings be learnt again from the votes there are."""
    changed = shop.store.meanings.take_back(request.numbers, forgotten=False)
    work_out_meanings(shop)
    return ForgetMeaningsAnswer(changed=changed)


def _shown(one: KeptMeaning, title: str) -> LearntMeaningRow:
    state: State = "forgotten" if one.forgotten else "used" if one.used else "seen"
    said = f"{one.chosen} of {one.shown} times, {one.shoppers} shoppers went on to it"
    return LearntMeaningRow(
        number=one.number,
        phrase=one.phrase,
        field=one.field,
        value=one.value,
        title=title if one.field == PRODUCT else "",
        state=state,
        chosen=one.chosen,
        shown=one.shown,
        shoppers=one.shoppers,
        usual=round(one.usual, 4),
        lower=round(one.lower, 4),
        why=f"{said}; without these words it is {one.usual:.1%} of what is shown.",
    )
