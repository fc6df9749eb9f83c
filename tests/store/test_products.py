"""Products as rows: upsert, order, revisions, groups, search."""

from __future__ import annotations

from pathlib import Path

import pytest

from bottega.catalogue.product import Product
from bottega.errors import RequestInvalid, StoreUnavailable
from bottega.names import Availability
from bottega.store.products import Upserted
from bottega.store.store import Store

ODD_IDS = ["shirts/red 42", "mug ☕️ #1?&=", "a%2Fb", "'; DROP TABLE products; --", "ß\u200bx", "x" * 512]


def make(key: str, **fields: object) -> Product:
    return Product.model_validate({"id": key, "title": f"Title of {key[:20]}", **fields})


def test_every_field_comes_back_as_it_went_in(store: Store) -> None:
    full = Product(
        id="p 1/é",
        group_id="g/1",
        title="Red mug",
        description='Holds 300 ml.\nSays "hello".',
        brand="Töpferei",
        category=("Home", "Kitchen", "Mugs"),
        price_minor=2**40,
        currency="EUR",
        availability=Availability.PREORDER,
        hidden=True,
        images=("images/1.jpg", "https://example.com/2.jpg"),
        attributes={"color": ("red", "white"), "material": ("stoneware",)},
        url="https://example.com/p?x=1",
        updated_at_ms=1_700_000_000_000,
        source_row="feed.csv:2",
    )
    bare = make("bare")
    assert store.products.upsert([full, bare]) == Upserted(2, 0, 0)
    assert store.products.get(["p 1/é", "bare", "nobody"]) == {"p 1/é": full, "bare": bare}


@pytest.mark.parametrize("count", [0, 1, 3, 64, 700])
def test_titles_are_those_of_the_products(store: Store, count: int) -> None:
    store.products.upsert([make(f"p-{number}") for number in range(800)])
    ids = [f"p-{number}" for number in range(count)]
    expected = {key: product.title for key, product in store.products.get(ids).items()}
    assert store.products.titles([*ids, "nobody"]) == expected and len(expected) == count


def test_who_asks_hears_what_the_database_did_not_do(store: Store) -> None:
    store.products.upsert([make("a")])
    with store.database.write() as connection:
        connection.exec_driver_sql("ALTER TABLE products RENAME TO gone")
    with pytest.raises(StoreUnavailable, match="products"):
        store.products.titles(["a"])


def test_ids_are_free_text(store: Store) -> None:
    store.products.upsert([make(key) for key in ODD_IDS])
    assert list(store.products.get(ODD_IDS)) != [] and set(store.products.get(ODD_IDS)) == set(ODD_IDS)
    assert store.products.missing([*ODD_IDS, "other"]) == {"other"}


def test_upsert_counts_what_changed_and_keeps_the_first_order(store: Store) -> None:
    store.products.upsert([make("b"), make("a"), make("c")])
    again = store.products.upsert([make("c"), make("a", title="New"), make("d")])
    assert again == Upserted(added=1, updated=1, unchanged=1)
    assert [one.id for one in store.products.all()] == ["b", "a", "c", "d"]
    assert [[one.id for one in chunk] for chunk in store.products.iterate(3)] == [["b", "a", "c"], ["d"]]
    assert store.products.count() == 4
    assert store.products.upsert([]) == Upserted(0, 0, 0)


def test_a_moved_row_is_no_change_and_the_last_of_two_wins(store: Store) -> None:
    store.products.upsert([make("a", source_row="feed.csv:2")])
    assert store.products.upsert([make("a", source_row="feed.csv:9")]).unchanged == 1
    store.products.upsert([make("a", title="first"), make("a", title="last")])
    assert store.products.get(["a"])["a"].title == "last"


def test_what_is_newer_than_a_revision_is_read(store: Store) -> None:
    assert list(store.products.iterate_revised()) == [] and store.products.newest_revision() == 0
    store.products.upsert([make("a"), make("b")])
    revision = store.products.newest_revision()
    ((first, revisions),) = store.products.iterate_revised()
    assert [one.id for one in first] == ["a", "b"] and revisions == [revision, revision]
    store.products.upsert([make("a"), make("b", hidden=True), make("c")])
    newer = store.products.newest_revision()
    ((changed, revisions),) = store.products.iterate_revised(since=revision)
    assert [one.id for one in changed] == ["b", "c"] and newer > revision and revisions == [newer, newer]
    assert store.products.count_newer(revision) == 2 and store.products.count_newer(newer) == 0
    assert list(store.products.iterate_revised(since=newer)) == []
    store.products.upsert([make("a", hidden=True)])
    parts = list(store.products.iterate_revised(since=revision, chunk=2))
    assert [[one.id for one in part] for part, _ in parts] == [["a", "b"], ["c"]]
    assert [numbers for _, numbers in parts] == [[store.products.newest_revision(), newer], [newer]]


def test_each_database_has_an_identity_of_its_own(store: Store, tmp_path: Path) -> None:
    with Store.open(f"sqlite:///{tmp_path}/another.db") as other:
        assert other.identity() != store.identity() == store.identity() > 0
    with Store.open(f"sqlite:///{tmp_path}/another.db") as again:
        assert again.identity() == other.identity()


def test_groups_count_as_known_ids(store: Store) -> None:
    store.products.upsert([make("s", group_id="shirt"), make("m", group_id="shirt"), make("alone")])
    assert store.products.missing(["shirt", "s", "alone", "no"]) == {"no"}


def test_query_finds_by_words_and_conditions(store: Store) -> None:
    store.products.upsert(
        [
            make("1", title="Red MUG", brand="Kiln", category=("Home", "Mugs"), price_minor=900),
            make("2", title="Blue mug 50%", brand="Kiln", category=("Home",), price_minor=1500),
            make("3", title="Red lamp", category=("Home", "Lamps"), availability="out_of_stock"),
            make("4", title="ÄRMEL", category=("Homeware",), hidden=True),
        ]
    )

    def ids(text: str | None = None, ids: tuple[str, ...] | None = None) -> list[str]:
        page, cursor = store.products.query(text=text, ids=ids)
        assert cursor is None
        return [one.id for one in page]

    assert ids("mug red") == ["1"]
    assert ids("50%") == ["2"] and ids("5_%") == []
    assert ids("ärmel") == ["4"]
    assert ids("home > mugs") == ["1"] and ids("mug", ids=("2", "3")) == ["2"]
    assert ids(ids=("4", "2", "9")) == ["2", "4"] and ids(ids=()) == []


def test_query_pages_through_everything_once(store: Store) -> None:
    store.products.upsert([make(str(number)) for number in range(7)])
    seen: list[str] = []
    cursor = None
    for _ in range(4):
        page, cursor = store.products.query(limit=2, after=cursor)
        seen += [one.id for one in page]
    assert seen == [str(number) for number in range(7)] and cursor is None
    with pytest.raises(RequestInvalid, match="Field after is 'x'"):
        store.products.query(after="x")


def test_more_ids_than_one_statement_takes(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bottega.store.products.IN_CHUNK", 100)
    many = [make(f"p{number}") for number in range(250)]
    store.products.upsert(many)
    assert len(store.products.get([one.id for one in many])) == 250
    assert store.products.missing([f"p{number}" for number in range(253)]) == {"p250", "p251", "p252"}
