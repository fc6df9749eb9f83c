"""Words that stand where nothing was known: none of them is a value, and none a person."""

from __future__ import annotations

import doctest

import pytest

from bottega import placeholders
from bottega.placeholders import (
    EMPTY_WORDS,
    NOBODY_WORDS,
    names_no_group,
    names_nobody,
    says_nothing,
    says_nothing_of,
)
from bottega.unsaid_words import NAMED_BY_WORDS, NONE_OF_IT, UNSAID_OF, UNSAID_WORDS

ZERO_UUID = "00000000-0000-0000-0000-000000000000"
NOTHING = [
    "", " ", "\u00a0", "NULL", "null", "(null)", "<null>", "Nil", "None", "(none)", "nan", "NaN", "NaT", "undefined",
    "'undefined'", '"null"', "N/A", "n.a.", "NA", "#N/A", "\\N", "-", "--", "—", "...", "(not set)", "not_set",
    "Not-Set",
    "(not provided)", "[object Object]", "[object  Undefined]", "{}", "[]", "ＮＵＬＬ", "null\u200b",
    "null|null", "undefined-undefined", "undefined undefined", "null,undefined", "void 0", "void(0)", "nullptr",
    "#NAME?", "#REF!", "#DIV/0!", "#VALUE!", "#WERT!", "#¡VALOR!", "#¿NOMBRE?", "#ДЕЛ/0!", "#Н/Д", "#NV", "#N/D",
    "#I/T", "#ARVO!", "NULL.", "None!", "N/A - N/A",
]  # fmt: skip
NOBODY = [
    "0", "00", "0.0", "-1", "-1.0", ZERO_UUID, "{" + ZERO_UUID + "}", ZERO_UUID.replace("-", ""),
    "ffffffff-ffff-ffff-ffff-ffffffffffff", "anonymous", "Anonymous User", "GUEST", "unknown", "true", "False",
    "user_id", "{{customer.id}}", "{{ customer.id }}", "${userId}", "{user_id}", "%%USER_ID%%", "[user_id]", "***", "/",
    "shopper_id", "session_id", "client_id", "visitor_id", "userId", "anonymousId", "customer-id", "uid", "$user_id",
    ":shopper_id", "@userid", "%USER_ID%", "<user>", "<user id>", "{{user_id}}", "${user}", "#{user.id}", "*|UID|*",
    "%(user)s", "[[user]]", "GA1.1.undefined", "GA1.2.null", "fb.1.undefined", "user_id=undefined",
]  # fmt: skip
SOMEBODY = [
    "1", "10", "-10", "007", "1.0", "00001", "00000000-0000-0000-0000-000000000001", "ada", "a", "s", "ü", "🙂",
    "lamps/😀", "nan-cy", "none-such", "null@shop.example", "guest-17", "anon-ann", "u0", "unknown1", "Nullman", "id-5",
    "x" * 300, "anna.null@mail.example", "anna-null", "anna.undefined", "mr-none-none-null-x", "null-7", "nan.smith",
    "GA1.1.1716543210.1716543211", "fb.1.1716543210.77", "user-17", "user_id_17", "uid7", "clientele", "<17@shop>",
    "550e8400-e29b-41d4-a716-446655440000", "d41d8cd98f00b204e9800998ecf8427e", "48151623", "+4915112345678", "%41%",
    "sessions", "device-a", "cookie", "na-na", "Nil Nan",
]  # fmt: skip
VALUES = ["red", "0", "1", "+", "A+", "***", "/", "none-stick", "Nana", "blue/NULL", "anonymous", "unknown", "guest"]


def test_examples_in_the_docs_are_true() -> None:
    result = doctest.testmod(placeholders)
    assert result.attempted > 3 and not result.failed


@pytest.mark.parametrize("text", [*NOTHING, *sorted(EMPTY_WORDS)])
def test_words_for_nothing_are_no_value_no_group_and_nobody(text: str) -> None:
    for shape in (text, f"  {text}\t", text.upper(), text.casefold()):
        assert says_nothing(shape) and names_no_group(shape) and names_nobody(shape), shape


@pytest.mark.parametrize("text", [*NOBODY, *sorted(NOBODY_WORDS)])
def test_placeholders_of_people_name_nobody_and_may_be_values(text: str) -> None:
    assert names_nobody(text) and names_nobody(f" {text.upper()} ") and not says_nothing(text)


@pytest.mark.parametrize("text", SOMEBODY)
def test_an_id_that_looks_odd_still_names_somebody(text: str) -> None:
    assert not names_nobody(text) and not says_nothing(text) and not names_no_group(text)


@pytest.mark.parametrize("text", VALUES)
def test_a_value_that_looks_odd_is_one(text: str) -> None:
    assert not says_nothing(text)


@pytest.mark.parametrize("text", sorted(UNSAID_WORDS))
def test_what_a_form_writes_when_nobody_knew_is_no_value(text: str) -> None:
    for field in ("brand", "category", "color", "material"):
        assert says_nothing_of(field, text) and says_nothing_of(field, f" {text.upper()} ")


@pytest.mark.parametrize(("field", "text"), [(field, text) for field in UNSAID_OF for text in sorted(UNSAID_OF[field])])
def test_words_of_one_field_are_nothing_there_alone(field: str, text: str) -> None:
    assert says_nothing_of(field, text)
    assert not says_nothing(text)


@pytest.mark.parametrize("text", sorted(NONE_OF_IT))
def test_none_of_it_is_no_name_and_may_be_an_answer(text: str) -> None:
    assert all(says_nothing_of(field, text) for field in NAMED_BY_WORDS)
    assert not says_nothing_of("waterproof", text) and not says_nothing(text)


@pytest.mark.parametrize(
    "text", ["{{ product.brand }}", "%brand%", "${vendor}", "[[brand]]", "<% brand %>", "#{brand}"]
)
def test_a_hole_of_a_template_is_no_value(text: str) -> None:
    assert says_nothing_of("brand", text) and says_nothing_of("material", text)


@pytest.mark.parametrize(
    ("field", "text"),
    [("brand", "Nothing"), ("brand", "Select"), ("color", "bez"), ("brand", "NI"), ("color", "Blank"),
     ("size", "no"), ("size", "0"), ("brand", "#hashtag"), ("brand", "Joe & the Juice"), ("tags", "#sale"),
     ("brand", "{name}"), ("brand", "<no one>")],
)  # fmt: skip
def test_a_name_that_looks_like_no_word_is_one(field: str, text: str) -> None:
    assert not says_nothing_of(field, text)


@pytest.mark.parametrize(
    ("field", "text"),
    [("brand", "Nobrand & Sons"), ("material", "root"), ("size", "0"), ("color", "no. 5"), ("brand", "Brandt"),
     ("category", "Roots"), ("color", "Unknown Pleasures"), ("size", "One size"), ("color", "none-stick")],
)  # fmt: skip
def test_a_value_of_a_product_that_looks_odd_is_one(field: str, text: str) -> None:
    assert not says_nothing_of(field, text)
