"""Which of an eye's names a shop has things of: by the names of its categories first, then by the lists of words."""

from __future__ import annotations

from bottega.shop.search.classes_had import classes_had

CLASSES = ("Casual Shoes", "Formal Shoes", "Boots", "Mugs", "Innerwear Vests", "Zorbels")


def had(counted: dict[tuple[str, ...], int], few: float = 1.0) -> set[str]:
    found = classes_had(counted, CLASSES, ("en",), few=few)
    assert found is not None
    return {name for name, here in zip(CLASSES, found.tolist(), strict=True) if here}


def test_a_category_called_like_a_name_is_that_and_nothing_else() -> None:
    assert had({("Footwear", "Casual Shoes"): 30, ("Kitchen", "Mugs"): 20}) == {"Casual Shoes", "Mugs"}
    assert had({("Footwear", "casual shoe"): 30}) == {"Casual Shoes"}, "however it is written"


def test_other_categories_have_what_the_lists_say_they_may_be() -> None:
    found = had({("Footwear", "Sneakers"): 30, ("Footwear", "Boots"): 10})
    assert {"Casual Shoes", "Boots"} <= found and "Mugs" not in found
    german = classes_had({("Schuhe", "Stiefel"): 30}, CLASSES, ("de",), few=1.0)
    assert german is not None and german[CLASSES.index("Boots")] and not german[CLASSES.index("Mugs")]


def test_names_that_no_list_knows_may_be_among_categories_that_are_called_otherwise() -> None:
    assert "Zorbels" not in had({("Kitchen", "Mugs"): 40}) and "Zorbels" in had({("Footwear", "Sneakers"): 30})


def test_a_shop_whose_categories_say_nothing_cannot_be_asked() -> None:
    assert classes_had({("Qwz", "Xyzzy"): 30}, CLASSES, ("en",), few=1.0) is None
    assert classes_had({(): 30, ("Kitchen", "Mugs"): 5}, CLASSES, ("en",), few=1.0) is None
    assert had({(): 1, ("Kitchen", "Mugs"): 50}, few=1.0) == {"Mugs"}, "few of them do not matter"
