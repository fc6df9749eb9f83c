"""Versions: what one process of a machine wrote is in the very next answer of every other one."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from bottega.catalogue.product import Product
from bottega.shop.kept import Kept
from bottega.shop.open_shop import OpenShop
from bottega.shop.versions import MANY, ShopPart, Versions
from bottega.store.events import Added

PRODUCTS = [Product(id=f"p{number}", title=f"thing {number}") for number in range(8)]
PROCESSES = 4


def test_a_touched_name_has_another_stamp_in_every_process(tmp_path: Path) -> None:
    mine, theirs = Versions(tmp_path / "run" / "versions"), Versions(tmp_path / "run" / "versions")
    before = {name: theirs.of(name) for name in ("ann", "bob")}
    mine.touch("ann")
    assert theirs.of("ann") == mine.of("ann") != before["ann"] and theirs.of("bob") == before["bob"]
    once = theirs.of("ann")
    theirs.touch("ann")
    assert mine.of("ann") not in (once, before["ann"])


def test_a_join_touches_both_names_and_what_it_takes_along(tmp_path: Path) -> None:
    versions = Versions(tmp_path / "versions")
    names, parts = ("ann", "cookie", "other"), (ShopPart.CONSENTS, ShopPart.TASTES, ShopPart.CATALOGUE)
    before = [versions.of(name) for name in names] + [versions.of_part(part) for part in parts]
    versions.touched_by(Added(1, 0, joined=1, names=frozenset({"ann", "cookie"})))
    after = [versions.of(name) for name in names] + [versions.of_part(part) for part in parts]
    assert [a != b for a, b in zip(after, before, strict=True)] == [True, True, False, True, True, False]


def test_an_import_of_many_touches_everybody(tmp_path: Path) -> None:
    versions = Versions(tmp_path / "versions")
    before = versions.of("somebody else")
    versions.touched_by(Added(MANY, 0, names=frozenset(str(number) for number in range(MANY + 1))))
    assert versions.of("somebody else") != before


def test_what_was_read_is_believed_until_the_stamp_changes(tmp_path: Path) -> None:
    versions, asked = Versions(tmp_path / "versions"), list[str]()

    def read(name: str) -> int:
        if len(asked) == 1:
            versions.touch(name)  # another process writes while this one reads
        asked.append(name)
        return len(asked)

    kept = Kept[int](read, most=2, stamp=versions.of)
    assert [kept("ann"), kept("ann")] == [1, 1]
    versions.touch("ann")
    assert kept.here("ann") is None
    assert [kept("ann"), kept("ann"), kept("ann")] == [2, 3, 3], "the second reading was overtaken"


class Process:
    """Another process with the same shop open; it does as it is told, and answers."""

    def __init__(self, folder: Path) -> None:
        words = [sys.executable, str(Path(__file__)), str(folder)]
        self._process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def tell(self, verb: str, **fields: Any) -> Any:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps({"verb": verb, **fields}) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, "the process ended"
        return json.loads(line)

    def end(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()

    def wait(self) -> None:
        assert self._process.stdout is not None
        self._process.stdout.close()
        assert self._process.wait(timeout=60) == 0


@pytest.fixture
def processes(tmp_path: Path) -> Iterator[list[Process]]:
    with OpenShop.open(tmp_path) as shop:
        shop.upsert(PRODUCTS)
    with ExitStack() as stack:
        found = [Process(tmp_path) for _ in range(PROCESSES)]
        for process in found:
            stack.callback(process.wait)
        for process in found:
            stack.callback(process.end)
        yield found


def test_any_process_answers_what_any_other_just_wrote(processes: list[Process], tmp_path: Path) -> None:
    draw = random.Random(5)
    devices, shoppers = [f"cookie{n}" for n in range(5)], [f"s{n}" for n in range(4)]
    done = dict.fromkeys(("view", "log in", "say", "consent", "forget", "stock"), 0)
    with OpenShop.open(tmp_path) as shop:
        for step in range(150):
            what = draw.choices([*done], weights=[54, 16, 8, 8, 5, 9])[0]
            done[what] += 1
            name = draw.choice(devices + shoppers)
            writer = draw.choice(processes)
            if what == "view":
                who = {"anonymous_id" if name in devices else "shopper_id": name}
                writer.tell("record", events=[{"kind": "view", "product_id": f"p{draw.randrange(8)}", **who}])
            elif what == "log in":
                name = draw.choice(devices)
                who = {"anonymous_id": name, "shopper_id": draw.choice(shoppers)}
                event = {"kind": "identify"} if draw.random() < 0.5 else {"kind": "view", "product_id": "p1"}
                writer.tell("record", events=[{**event, **who, "time_ms": 1_700_000_000_000 - step}])
            elif what == "stock":
                writer.tell("stock", product_id="p0", hidden=draw.random() < 0.5, step=step)
            else:
                writer.tell(what, name=name, liked=f"value{step}", given=draw.choice(["yes", "no"]))
            asked = {name, draw.choice(devices + shoppers)}
            for one in asked:
                expected = _truth(shop, one)
                for process in draw.sample(processes, 2):
                    assert process.tell("ask", name=one) == expected, f"step {step}: {what} of {name}, asked for {one}"
    assert min(done.values()) >= 5


def _truth(shop: OpenShop, name: str) -> dict[str, Any]:
    """What the store says, asked past everything that is held in memory."""
    store = shop.store
    profile = store.shoppers.profile(name) or name
    known = store.traits.of(profile)
    said = {} if known is None else {purpose.value: word.given for purpose, word in known.consents.items()}
    hidden = store.products.get(["p0"])["p0"].hidden
    return {
        "profile": profile,
        "products": [event.product_id for event in reversed(store.events.of_shopper(profile, 200))],
        "said": {name: values for name, (values, _) in store.tastes.of_shopper(profile).items()},
        "personal": said.get("personalisation") is not False,
        "hidden": hidden,
    }


def _obey(folder: Path) -> None:
    """What the other process does: each line is an order, each answer a line."""
    from bottega.actions.intake.record_events import record_events
    from bottega.actions.intake.shapes import RecordRequest
    from bottega.actions.shoppers.forget import forget
    from bottega.actions.shoppers.shapes import ShopperRequest, TellShopperRequest
    from bottega.actions.shoppers.shopper import tell_shopper
    from bottega.errors import ShopperUnknown
    from bottega.log import log_as_json

    log_as_json()  # elsewhere than the answers
    with OpenShop.open(folder) as shop:
        recent = shop._recent()
        for line in sys.stdin:
            order = json.loads(line)
            verb, name = order["verb"], order.get("name", "")
            answer: Any = None
            if verb == "record":
                record_events(shop, RecordRequest(events=order["events"]))
            elif verb == "stock":
                shop.upsert([PRODUCTS[0].model_copy(update={"hidden": order["hidden"], "title": f"{order['step']}"})])
            elif verb == "say":
                profile = shop.profile(name)
                shop.store.tastes.declare(profile, {"colour": [order["liked"]]}, time_ms=1)
                shop.declared(profile)
            elif verb == "consent":
                tell_shopper(
                    shop,
                    TellShopperRequest.model_validate(
                        {"shopper": name, "consent": {"personalisation": order["given"]}}
                    ),
                )
            elif verb == "forget":
                try:
                    forget(shop, ShopperRequest(shopper=name))
                except ShopperUnknown:
                    answer = "unknown"
            else:
                profile = shop.profile(name)
                with shop.floor() as floor:
                    past = floor.past(profile)
                    answer = {
                        "profile": profile,
                        "products": [row[2] for row in past._rows],
                        "said": {key: values for key, (values, _) in recent.said(profile).items()},
                        "personal": shop.consents.personal(profile),
                        "hidden": not bool(floor.recommendable[floor.items.code("p0")]),
                    }
            sys.stdout.write(json.dumps(answer) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    _obey(Path(sys.argv[1]))
