"""Portions of work as tasks of a Ray cluster. The one module that imports Ray; `BOTTEGA_RAY` asks for it.

Ray decides who does what and starts a task again whose hand or machine died. What all portions need is laid into its
object store once and unpacked once a hand. Every machine of the cluster has the same Bottega installed.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from bottega.errors import CrewUnavailable, SettingsInvalid
from bottega.parallel.one_thread import ONE_THREAD
from bottega.parallel.packed import pack, unpack
from bottega.progress import silent

__all__ = ["AUTO", "on_ray"]

AUTO = "auto"
"""The cluster that runs on this machine, else one that is started here and ends with the work."""
_ATTEMPTS_MORE = 2
"""How often a task is begun again whose hand died; an error of the work itself is no reason."""
_mine: tuple[str, Any] = ("", None)
"""In a hand: what all portions need, and under which name."""


def on_ray(
    work: Any, portions: Sequence[Any], shared: Any, address: str, *, processes: int = 1, ahead: int | None = None
) -> Generator[Any]:
    """The results in order; see `crew.in_order`. `processes`: of a cluster that is started here; 1: one a core."""
    ray = _ray()
    from ray.exceptions import RayError, RayTaskError

    with _cluster(ray, address, processes):
        head, buffers = pack(shared)
        laid = [ray.put(head), *(ray.put(bytes(buffer)) for buffer in buffers)]
        name = laid[0].hex()
        task = ray.remote(num_cpus=1, max_retries=_ATTEMPTS_MORE, runtime_env={"env_vars": ONE_THREAD})(_do)
        waiting: deque[Any] = deque()
        begun = 0
        try:
            while begun < len(portions) or waiting:
                while begun < len(portions) and (ahead is None or len(waiting) < ahead):
                    waiting.append(task.remote(work, portions[begun], name, laid))
                    begun += 1
                yield ray.get(waiting[0])
                waiting.popleft()
        except RayTaskError as error:
            if isinstance(error.cause, Exception):
                raise error.cause from error
            raise
        except RayError as error:
            raise CrewUnavailable(
                f"The Ray cluster could not do the work: {str(error).strip().partition(chr(10))[0]}",
                allowed="A hand that dies again and again is mostly ended for want of memory.",
                next_step="Look at `ray status`; without BOTTEGA_RAY the work is done by this machine.",
            ) from error
        finally:
            if waiting:
                # Those that have ended are left alone, and hands go on living: Ray 2.60 ends the process that asks,
                # where a task ends in the moment in which it is cancelled by force.
                _, going = ray.wait(list(waiting), num_returns=len(waiting), timeout=0)
                for one in going:
                    ray.cancel(one)


def _do(work: Any, portion: Any, name: str, laid: Sequence[Any]) -> Any:
    global _mine
    if _mine[0] != name:
        import ray

        head, *buffers = ray.get(list(laid))
        # Ray's own memory is read-only, and code that learns writes into its arrays here and there.
        _mine = name, unpack(head, [bytearray(buffer) for buffer in buffers])
    return work(portion, _mine[1], silent)


def _ray() -> Any:
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # a shop reports to nobody
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
    try:
        import ray
    except ImportError as error:
        raise SettingsInvalid(
            "The setting `ray` names a cluster, and Ray is not installed.",
            allowed="Ray comes with the extra `ray`; without it the work is done by processes of this machine.",
            next_step="Run `pip install 'bottega[ray]'`, or take BOTTEGA_RAY away.",
        ) from error
    return ray


@contextmanager
def _cluster(ray: Any, address: str, processes: int) -> Iterator[None]:
    """Connected to the cluster; to one that this process is connected to already, whichever it is."""
    if ray.is_initialized():
        yield
        return
    quiet = {"log_to_driver": False, "logging_level": "ERROR"}
    try:
        ray.init(address=address, **quiet)
    except (ConnectionError, RuntimeError, ValueError) as error:
        if address != AUTO:
            raise CrewUnavailable(
                f"No Ray cluster answers at {address!r}: {str(error).strip().partition(chr(10))[0]}",
                allowed="An address is as `ray start --head` prints it, host:port, or ray://host:port.",
                next_step="Start it, correct BOTTEGA_RAY, or take it away.",
            ) from error
        ray.init(num_cpus=processes if processes > 1 else None, include_dashboard=False, **quiet)
    try:
        yield
    finally:
        ray.shutdown()
