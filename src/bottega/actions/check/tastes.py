"""Which attributes tastes are about: measured from the events, proposed, and chosen by the merchant."""

from __future__ import annotations

from bottega.actions.check.shapes import TasteAttribute, TasteAttributesAnswer, TasteAttributesRequest
from bottega.datasets.load import load_dataset
from bottega.errors import EventsTooFew, RequestInvalid
from bottega.models.recommend.affinity.carrying import carrying, proposed
from bottega.models.recommend.affinity.groups import AttributeGroups
from bottega.settings import load_settings, write_setting
from bottega.shop.open_shop import OpenShop

__all__ = ["choose_taste_attributes", "measured_tastes"]

SETTING = "taste_attributes"


def measured_tastes(shop: OpenShop) -> list[TasteAttribute]:
    """Every attribute of the catalogue with what it tells, the best first. Raises `CatalogueEmpty`."""
    dataset = load_dataset(shop.store, shop.settings.personalisation_consent, analytics=True)
    if not dataset.histories.n_events:
        return []
    found = carrying(dataset.histories, dataset.features)
    names, chosen = proposed(found), load_settings(shop.folder.root).tastes
    return [
        TasteAttribute(
            attribute=one.name,
            coverage=round(one.coverage, 4),
            bits=round(one.bits, 4),
            worth=round(one.worth, 4),
            sure=one.sure,
            values=one.values,
            copy_of=one.copy_of,
            proposed=one.name in names,
            chosen=one.name in chosen,
        )
        for one in found
    ]


def choose_taste_attributes(shop: OpenShop, request: TasteAttributesRequest) -> TasteAttributesAnswer:
    """Write the choice into the shop's settings; affinities are about it from the next training on.

    Raises `RequestInvalid` for an attribute that no product has, `EventsTooFew` where there is nothing to propose.
    """
    dataset = load_dataset(shop.store, shop.settings.personalisation_consent)
    known = sorted(AttributeGroups.every(dataset.features).names)
    if request.automatic:
        names: list[str] = []
    elif request.attributes is None:
        names = [one.attribute for one in measured_tastes(shop) if one.proposed]
        if not names:
            raise EventsTooFew(
                f"The {dataset.histories.n_events:,} events tell of no attribute that it carries taste.",
                allowed=f"Attributes are: {', '.join(known)}.",
                next_step="Name some, or come back when there are more events.",
            )
    else:
        names = list(dict.fromkeys(request.attributes))
        if strange := [name for name in names if name not in known]:
            raise RequestInvalid(
                f"No two products differ in {', '.join(strange)}.",
                allowed=f"Attributes are: {', '.join(known)}.",
                next_step="Choose among them.",
            )
    write_setting(shop.folder.root, SETTING, ", ".join(names))
    return TasteAttributesAnswer(attributes=names, known=known)
