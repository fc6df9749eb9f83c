"""A word for nothing replaces nothing that is known of a shopper."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bottega.actions.intake.record_events import record_events
from bottega.actions.intake.shapes import RecordRequest
from bottega.actions.shoppers.shapes import TellShopperRequest
from bottega.actions.shoppers.shopper import tell_shopper
from bottega.events.traits import Traits
from bottega.shop.open_shop import OpenShop


@pytest.mark.parametrize("word", ["undefined", "NULL", "undefined undefined", "(not set)", "#N/A"])
def test_what_is_known_stays(tmp_path: Path, word: str) -> None:
    with OpenShop.open(tmp_path) as shop:
        tell_shopper(shop, TellShopperRequest(shopper="ana", name="Ana", email="ana@x.de"))
        told = tell_shopper(shop, TellShopperRequest.model_validate({"shopper": "ana", "name": word}))
        assert (told.name, told.email) == ("Ana", "ana@x.de")
        traits: dict[str, Any] = {"name": word, "country": "PT"}
        rows = [{"kind": "identify", "shopper_id": "ana", "traits": traits}]
        assert record_events(shop, RecordRequest(events=rows)).rejected == []
        found = shop.store.traits.of("ana")
        assert found is not None and found.fields["name"] == "Ana" and found.fields["country"] == "PT"


@pytest.mark.parametrize("name", ["Nan", "Nil", "Na", "Nat", "Anna Null", "None Such"])
def test_a_name_is_one(name: str) -> None:
    assert Traits(name=name).fields() == {"name": name}
    assert Traits(name=None).fields() == {"name": None}, "null clears as before"
