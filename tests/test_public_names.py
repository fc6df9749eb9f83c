"""Every module says in `__all__` what it offers, sorted, and offers what it says."""

from __future__ import annotations

import importlib
import pkgutil

import pytest

import bottega

MODULES = [
    info.name
    for info in pkgutil.walk_packages(bottega.__path__, "bottega.")
    if not info.ispkg and ".migrations." not in info.name
]


@pytest.mark.parametrize("name", MODULES)
def test_all_is_true(name: str) -> None:
    module = importlib.import_module(name)
    names = getattr(module, "__all__", None)
    assert names is not None, f"{name} has no __all__"
    missing = [public for public in names if not hasattr(module, public)]
    assert not missing, f"{name}.__all__ names what is not there: {missing}"
