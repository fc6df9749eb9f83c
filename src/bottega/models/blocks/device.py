"""Where a model computes: on the processor, or on a graphics card where there is one.

Idea     Every trainer takes `device="auto"`: the first CUDA card where this machine has one, else the processor. A
         network is made on the processor, so that one seed begins with the same weights everywhere, moves to the
         device with what it learns from, once, and comes back when it has learnt: answers are given on the processor.
         Products are taken in bfloat16 where the device multiplies it natively, else in float32.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from functools import cache

import torch

from bottega.errors import DeviceMissing

__all__ = ["CPU", "autocast", "device_of", "full_precision", "gains_from_bfloat16", "has_fused"]

CPU = torch.device("cpu")


def device_of(name: str = "auto") -> torch.device:
    """The device of this name: "auto", "cpu", "cuda", or "cuda:1" for the second card. Raises `DeviceMissing`."""
    if name == "auto":
        return torch.device("cuda") if torch.cuda.is_available() else CPU
    kind, colon, number = name.partition(":")
    if name != "cpu" and (kind != "cuda" or bool(colon) != number.isdigit()):
        raise DeviceMissing(
            f"There is no device {name!r}.",
            allowed="A device is auto, cpu, cuda, or cuda:1 for the second graphics card.",
            next_step="Use auto: it takes a graphics card where there is one.",
        )
    if kind == "cuda":
        cards = torch.cuda.device_count() if torch.cuda.is_available() else 0
        if int(number or 0) >= cards:
            raise DeviceMissing(
                f"The device {name} is asked for, and torch {torch.__version__} finds {cards} CUDA cards here.",
                allowed="cuda needs a card of Nvidia, its driver, and a build of torch with CUDA.",
                next_step="Leave the device at auto, or say cpu.",
            )
    return torch.device(name)


def autocast(device: torch.device) -> AbstractContextManager[object]:
    """Inside, products are taken in bfloat16 where the device gains from it; elsewhere nothing changes."""
    return torch.autocast(device.type, torch.bfloat16) if gains_from_bfloat16(device) else nullcontext()


def full_precision(device: torch.device) -> AbstractContextManager[object]:
    """Inside, products are taken in float32 again: for sums that are long, or of which small differences matter."""
    return torch.autocast(device.type, enabled=False) if gains_from_bfloat16(device) else nullcontext()


def gains_from_bfloat16(device: torch.device) -> bool:
    """Whether the device multiplies bfloat16 natively."""
    if device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    return device.type == "cpu" and _processor_gains()


@cache
def _processor_gains() -> bool:
    return bool(torch.ops.mkldnn._is_mkldnn_bf16_supported()) and "avx512_bf16" in _flags()


def _flags() -> str:
    try:
        with open("/proc/cpuinfo") as stream:  # noqa: PTH123
            return next((line for line in stream if line.startswith("flags")), "")
    except OSError:
        return ""


def has_fused(device: torch.device) -> bool:
    """Whether torch's optimisers have a step for this device that moves all weights in one pass."""
    return device.type in ("cpu", "cuda")
