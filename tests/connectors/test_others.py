"""WooCommerce and BigCommerce against stand-ins that keep to the documented pages, limits and errors."""

from __future__ import annotations

import pytest
from tests.connectors.stand_in import BigCommerceStandIn, Fault, WooCommerceStandIn

from bottega.actions.connect.connect import connect
from bottega.actions.connect.shapes import ConnectAnswer, ConnectRequest, Pulled
from bottega.actions.jobs.ask import start_job
from bottega.actions.jobs.shapes import StartJobRequest
from bottega.errors import PlatformFailed, PlatformUnknown, RequestInvalid
from bottega.names import KindCode
from bottega.shop.open_shop import OpenShop
from bottega.store.suggestions import Suggestion, SuggestionKind


def pull(shop: OpenShop, platform: str, address: str, **others: object) -> ConnectAnswer:
    return connect(shop, ConnectRequest.model_validate({"platform": platform, "address": address, **others}))


def parts(answer: ConnectAnswer) -> tuple[Pulled, Pulled]:
    assert answer.products is not None and answer.orders is not None
    return answer.products, answer.orders


def kinds(shop: OpenShop) -> list[KindCode]:
    return sorted(row.kind for row in shop.store.events.since(0, 2000))


def accept(shop: OpenShop, *wanted: tuple[str, str, str]) -> None:
    shop.store.suggestions.put([Suggestion(SuggestionKind.FILL, *one, 0.9, "eye", "1", 0) for one in wanted])
    page, _ = shop.store.suggestions.page()
    shop.store.suggestions.decide([one.number for one in page], accept=True, time_ms=1)


@pytest.mark.usefixtures("quick")
def test_woocommerce(shop: OpenShop, woocommerce: WooCommerceStandIn) -> None:
    for number in range(1, 251):
        woocommerce.product(number, changed=number // 150)  # many of one second, as after an import
    woocommerce.product(251, changed=300, variations=3)
    for number in range(1, 231):
        woocommerce.order(number, changed=number, product=number)
    woocommerce.order(231, changed=231, product=3, status="refunded")
    woocommerce.order(232, changed=232, product=4, back=1)
    woocommerce.order(233, changed=233, product=5, status="failed")
    woocommerce.faults = {2: Fault(429, {"Retry-After": "0.2"}), 3: Fault(500)}
    products, orders = parts(pull(shop, "woocommerce", woocommerce.address))
    assert products.added == 250 + 3 and shop.store.products.count() == 253
    assert not products.rejected and not orders.rejected
    there = kinds(shop)
    assert there.count(KindCode.PURCHASE) == 232 and len(there) == 234 and orders.ignored == 1

    before = woocommerce.calls.total()
    products, orders = parts(pull(shop, "woocommerce", woocommerce.address))
    assert (products.added, products.updated, orders.added) == (0, 0, 0)
    assert woocommerce.calls.total() - before == 2 and products.rows + orders.rows == 0
    woocommerce.product(9, changed=400)
    woocommerce.products[-1]["name"] = "Another name"
    woocommerce.order(240, changed=401, product=9)
    products, orders = parts(pull(shop, "woocommerce", woocommerce.address))
    assert (products.updated, orders.added) == (1, 1)

    woocommerce.products = [one for one in woocommerce.products if one["id"] != 8]
    for kind, gone in (("product", "8"), ("product", "251"), ("order", "7")):
        shop.store.errands.add("woocommerce", kind, gone)
    products, _ = parts(pull(shop, "woocommerce", woocommerce.address))
    assert products.discontinued == 1 and not shop.store.errands.waiting("woocommerce")

    accept(shop, ("9", "material", "oak"), ("9", "colour", "green"), ("77777", "colour", "red"))
    told = pull(shop, "woocommerce", woocommerce.address, push=True).pushed
    assert told is not None and not told.refused
    attributes = {one["name"]: one["options"] for one in woocommerce.products[-1]["attributes"]}
    assert attributes == {"Colour": ["red", "blue", "green"], "Material": ["oak"]}


def test_bigcommerce(shop: OpenShop, bigcommerce: BigCommerceStandIn) -> None:
    address = f"{bigcommerce.address}/stores/x1"
    for number in range(1, 251):
        bigcommerce.product(number, changed=number // 120)
    for number in range(1, 431):
        bigcommerce.order(number, changed=number, product=number % 250 + 1)
    bigcommerce.order(431, changed=431, product=3, status="Refunded")
    bigcommerce.order(432, changed=432, product=3, status="Incomplete")
    bigcommerce.quota, bigcommerce.window_s = 4, 0.4
    answer = pull(shop, "bigcommerce", address)
    products, orders = parts(answer)
    assert (products.added, orders.ignored) == (250, 1) and not products.rejected and not orders.rejected
    assert kinds(shop).count(KindCode.PURCHASE) == 431 and len(kinds(shop)) == 432
    one = shop.store.products.get(["7"])["7"]
    assert (one.brand, one.category, one.price_minor) == ("Nord", ("Things",), 1250)
    assert answer.waited_s > 0 and bigcommerce.calls["429"] == 0  # the limit is kept, not run into

    before = bigcommerce.calls.total()
    products, orders = parts(pull(shop, "bigcommerce", address))
    assert (products.added, products.updated, orders.added) == (0, 0, 0)
    assert bigcommerce.calls.total() - before <= 6
    bigcommerce.product(300, changed=900)
    bigcommerce.order(500, changed=901, product=300)
    products, orders = parts(pull(shop, "bigcommerce", address))
    assert (products.added, orders.added) == (1, 1)

    bigcommerce.products = [one for one in bigcommerce.products if one["id"] != 8]
    for kind, gone in (("product", "8"), ("product", "9"), ("order", "7")):
        shop.store.errands.add("bigcommerce", kind, gone)
    products, _ = parts(pull(shop, "bigcommerce", address))
    assert products.discontinued == 1 and not shop.store.errands.waiting("bigcommerce")

    accept(shop, ("7", "base_colour", "green"))
    for _ in range(2):
        pull(shop, "bigcommerce", address, push=True)
    assert bigcommerce.fields[7] == [{"name": "Base colour", "value": "green"}]


@pytest.mark.usefixtures("quick")
def test_what_changes_while_woocommerce_is_read_comes_with_the_next_run(
    shop: OpenShop, woocommerce: WooCommerceStandIn
) -> None:
    for number in range(1, 251):
        woocommerce.product(number, changed=number)
    woocommerce.faults = {call: Fault(500) for call in range(3, 11)}
    with pytest.raises(PlatformFailed):  # in the middle of its pages
        pull(shop, "woocommerce", woocommerce.address)
    woocommerce.clock += 50
    woocommerce.product(5, changed=woocommerce.clock)  # on a page that was read
    woocommerce.product(240, changed=woocommerce.clock)
    for one in woocommerce.products[-2:]:
        one["name"] = "Another name"
    products, _ = parts(pull(shop, "woocommerce", woocommerce.address))
    assert products.rows == 50 and shop.store.products.count() == 250
    products, _ = parts(pull(shop, "woocommerce", woocommerce.address))
    assert products.updated == 1 and shop.store.products.get(["5"])["5"].title == "Another name"


def test_another_address_is_another_shop(shop: OpenShop, bigcommerce: BigCommerceStandIn) -> None:
    bigcommerce.product(1, changed=1)
    pull(shop, "bigcommerce", f"{bigcommerce.address}/stores/x1")
    kept = shop.store.connections.get("bigcommerce")
    assert kept is not None and kept.cursors["products"]
    products, _ = parts(connect(shop, ConnectRequest(platform="bigcommerce")))
    assert products.rows == 1 and products.unchanged == 1
    products, _ = parts(pull(shop, "bigcommerce", f"{bigcommerce.address}/stores/x1", again=True))
    assert products.rows == 1


def test_a_job_goes_to_the_address_that_is_kept(shop: OpenShop, bigcommerce: BigCommerceStandIn) -> None:
    """Whoever may ask for jobs must not have the token sent elsewhere."""
    asked = {"platform": "bigcommerce", "address": f"{bigcommerce.address}/stores/x1"}
    with pytest.raises(RequestInvalid, match="address"):
        start_job(shop, StartJobRequest(verb="connect", request=asked))
    assert not bigcommerce.times
    start_job(shop, StartJobRequest(verb="connect", request={"platform": "bigcommerce"}))
    with pytest.raises(PlatformUnknown):
        start_job(shop, StartJobRequest(verb="connect", request={"platform": "faxshop"}))
