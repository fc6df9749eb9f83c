"""Forgetting finds the rows that could not be used, by whom they named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bottega.actions.intake.import_events import import_events
from bottega.actions.intake.import_shoppers import import_shoppers
from bottega.actions.intake.shapes import ImportEventsRequest, ImportShoppersRequest
from bottega.actions.shoppers.forget import forget
from bottega.actions.shoppers.shapes import ShopperRequest
from bottega.errors import ShopperUnknown
from bottega.shop.open_shop import OpenShop


def lists(shop: OpenShop) -> str:
    return "".join(path.read_text() for path in sorted(shop.folder.rejects.glob("*.csv")))


def test_a_refused_address_goes_with_its_shopper(tmp_path: Path) -> None:
    table = tmp_path / "shoppers.csv"
    table.write_text(
        "shopper,name,email,language\nrej1,Rita,rita.secret1@@mail,de\nrej1,Rita,,de\n"
        "rej11,Other,other@@mail,de\nrej1,rita.secret2\n"
    )
    with OpenShop.open(tmp_path / "shop") as shop:
        assert import_shoppers(shop, ImportShoppersRequest(source=table)).rejected == 3
        assert forget(shop, ShopperRequest(shopper="rej1")).rejected_rows == 2
        assert "rita" not in lists(shop) and "rej1\n" not in lists(shop) and "other@@mail" in lists(shop)


@pytest.mark.parametrize("known", [True, False])
def test_a_row_that_is_no_json_goes_with_whom_it_names(tmp_path: Path, known: bool) -> None:
    rows = [
        '{"shopper_id":"rej3","kind":"view","product_id":"p1","time":"2026-05-01","email":"secret3@x.de"',
        '{"kind":"search","query":"' + "long " * 40 + '","anonymous_id":"c 3","query2":"secret4',
        '{"shopper_id":"rej30","kind":"view","product_id":"p1","time":"2026-05-01"',
        json.dumps({"shopper_id": "rej3", "kind": "view", "time": "2026-05-01", "colour_secret5": 1}),
        json.dumps({"shopper_id": "rej3", "kind": "view", "product_id": "p", "time": "secret6"}),
        json.dumps({"kind": "identify", "shopper_id": "rej3", "traits": {"email": "secret7@"}}),
    ]
    if known:
        event = {"shopper_id": "rej3", "anonymous_id": "c 3", "kind": "view", "product_id": "p1", "time": "2026-05-01"}
        rows.append(json.dumps(event))
    file = tmp_path / "events.jsonl"
    file.write_text("\n".join(rows))
    with OpenShop.open(tmp_path / "shop") as shop:
        assert import_events(shop, ImportEventsRequest(source=file, format="jsonl")).rejected == 6
        assert "secret3" in lists(shop) and "secret6" in lists(shop)
        done = forget(shop, ShopperRequest(shopper="rej3"))
        assert done.rejected_rows == (5 if known else 4)
        assert ("long" in lists(shop)) is not known
        assert "secret" not in lists(shop) and "rej30" in lists(shop)
        with pytest.raises(ShopperUnknown):
            forget(shop, ShopperRequest(shopper="rej3"))
