"""docs/equations.md names files and functions that are there, and says of each equation where we differ."""

from __future__ import annotations

import importlib
import re
from functools import reduce
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bottega.datasets.arrays import Features, Histories
from bottega.models.recommend.counted.content import Content, ContentConfig

PAGE = (Path(__file__).parents[2] / "docs" / "equations.md").read_text(encoding="utf-8")
HEAD, *SECTIONS = re.split(r"^## ", PAGE, flags=re.M)
ROWS = [[cell.strip() for cell in re.split(r" \| ", line.strip("| "))] for line in HEAD.splitlines() if ": `" in line]
EQUATIONS = (
    "Q(a,i) = cos(H_a, k_i)",
    "Q(o,b) = sum over v in O of cos(h_o, h_v) * L(v,b)",
    "f(H) = integral f(H|W) p(W) dW",
    "sigmoid(x) = 1 / (1 + exp(-x))",
    "g = sum_j u_jg y_j",
    "a_i = sum_g V_gi C_g",
    "x_i = a(a_i - phi_i)",
    "dv_gi = -eta dF/dv_gi",
)


def there(path: str, name: str) -> bool:
    """Whether the module at a path under src/bottega has this function, class or method."""
    module: Any = importlib.import_module("bottega." + path.removesuffix(".py").replace("/", "."))
    return callable(reduce(lambda found, part: getattr(found, part, None), name.split("."), module))


def test_every_equation_has_a_row_with_a_function_that_is_there() -> None:
    assert [row[0].strip("`").replace("\\|", "|") for row in ROWS] == list(EQUATIONS)
    for row in ROWS:
        path, name = re.findall(r"`([^`]+)`", row[2])
        assert there(path, name), f"{path} has no {name}"


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.splitlines()[0])
def test_every_function_in_the_text_is_in_a_file_named_beside_it(section: str) -> None:
    assert "Where we differ:" in section
    paths = re.findall(r"`(models/[\w/]+\.py)`", section)
    names = re.findall(r"`([A-Z][a-z]\w+(?:\.\w+)?)`", section) + re.findall(r"`(\w+)`\s+in\s+`models/", section)
    assert paths and names
    lost = [name for name in names if not any(there(path, name) for path in paths)]
    assert not lost, f"none of {paths} has {lost}"


def test_every_equation_is_explained() -> None:
    explained = " ".join(" ".join(SECTIONS).split())
    assert not [each for each in EQUATIONS if f"`{each}`" not in explained]


def test_the_content_score_is_the_cosine_the_page_claims() -> None:
    features = Features.from_attributes([["red", "lamp"], ["red", "chair"], ["blue", "lamp", "oak"], ["green"]])
    plain = ContentConfig(history_decay=1.0)
    model = Content(plain).fit(Histories.from_lists([[0]], n_items=4), features, rng=np.random.default_rng(0))
    vectors = model.vectors_.toarray()
    profile = vectors[0] + vectors[2]
    lengths = np.linalg.norm(vectors, axis=1) * np.linalg.norm(profile)
    scores = model.score(Histories.from_lists([[0, 2]], n_items=4))[0]
    np.testing.assert_allclose(scores[:3], (vectors @ profile / lengths)[:3], rtol=1e-5)
    assert np.isneginf(scores[3])
