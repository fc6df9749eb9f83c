"""A pretended graphics card, so that what learns can be watched moving to one on a machine that has none.

Its tensors hold real numbers in the processor's memory and say that they lie on the device "meta". An operation on one
of them and on a tensor of the processor together fails, as it does with a real card; so does `numpy()`. What is
computed is computed by the processor's own kernels, so a training there must end, number for number, where the
processor's ends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from pkgutil import walk_packages
from typing import Any

import pytest
import torch
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils._mode_utils import no_dispatch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_flatten, tree_map, tree_unflatten

from bottega import models

CARD = torch.device("meta")


class _OnCard(torch.Tensor):
    """A tensor on the pretended card; `held` are its numbers."""

    held: torch.Tensor

    @staticmethod
    def __new__(cls, held: torch.Tensor) -> _OnCard:
        made = torch.Tensor._make_wrapper_subclass(
            cls,
            held.size(),
            strides=held.stride(),
            storage_offset=held.storage_offset(),
            dtype=held.dtype,
            device=CARD,
            requires_grad=held.requires_grad,
        )
        made.held = held
        return made

    def __init__(self, held: torch.Tensor) -> None:
        pass

    @classmethod
    def __torch_dispatch__(  # type: ignore[override]
        cls, func: Any, types: Any, args: Any = (), kwargs: Any = None
    ) -> Any:
        return _run(func, args, kwargs or {})


_COPIES = (torch.ops.aten.copy_.default, torch.ops.aten._to_copy.default)
_INDEXES = (torch.ops.aten.index.Tensor, torch.ops.aten.index_put_.default, torch.ops.aten.index_put.default)


def _refuse_two_devices(func: Any, args: Any, kwargs: Any) -> None:
    """As a real card does: only a copy, and an index from the processor into what lies on the card, cross over."""
    if func in _COPIES:
        return
    crossing = func in _INDEXES and isinstance(args[0], _OnCard)
    meeting = (args[0], *args[2:]) if crossing else (args, kwargs)
    tensors = [leaf for leaf in tree_flatten(meeting)[0] if isinstance(leaf, torch.Tensor)]
    there = any(isinstance(leaf, _OnCard) for leaf in tensors)
    if there and any(not isinstance(leaf, _OnCard) and leaf.dim() for leaf in tensors):
        raise RuntimeError(f"{func}: tensors of two devices, the card's and the processor's")


def _run(func: Any, args: Any, kwargs: Any) -> Any:
    _refuse_two_devices(func, args, kwargs)
    on_card = [leaf for leaf in tree_flatten((args, kwargs))[0] if isinstance(leaf, _OnCard)]
    asked = kwargs.get("device")
    there = bool(on_card) if asked is None else torch.device(asked) == CARD
    if asked is not None:
        kwargs = {**kwargs, "device": torch.device("cpu")}
    if func is torch.ops.aten.copy_.default:
        there = isinstance(args[0], _OnCard)
    plain_args, plain_kwargs = tree_map(lambda leaf: leaf.held if isinstance(leaf, _OnCard) else leaf, (args, kwargs))
    found = func(*plain_args, **plain_kwargs)
    if torch.Tag.inplace_view in func.tags and there:  # transpose_ turns the tensor itself, so what stands for it turns
        with no_dispatch():
            func(*args, **kwargs)
    if not there:
        return found
    same = {id(leaf.held): leaf for leaf in on_card}
    leaves, shape = tree_flatten(found)

    def back(leaf: Any) -> Any:
        if not isinstance(leaf, torch.Tensor):
            return leaf
        return same[id(leaf)] if id(leaf) in same else _OnCard(leaf)

    return tree_unflatten([back(leaf) for leaf in leaves], shape)


class _Card(TorchDispatchMode):  # type: ignore[no-untyped-call]
    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        return _run(func, args, kwargs or {})


@pytest.fixture
def card(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The name of a pretended card that trainers may be given while the test runs.

    Processor and card then step alike: no optimiser and no attention of its own for the processor, no bfloat16.
    """
    modules = [import_module(found.name) for found in walk_packages(models.__path__, f"{models.__name__}.")]
    plain: dict[str, Callable[..., Any]] = {
        "device_of": lambda name="auto": CARD if name == "cuda" else torch.device("cpu"),
        "has_fused": lambda device: False,
        "_processor_gains": lambda: False,
        "_processor_is_fast": lambda: False,
    }
    for module in modules:
        for name, changed in plain.items():
            if hasattr(module, name):
                monkeypatch.setattr(module, name, changed)
    with sdpa_kernel(SDPBackend.MATH), _Card():  # type: ignore[no-untyped-call]
        yield "cuda"
