"""Import a file that was sent: keep it in the shop's folder, and put the import at the end of the queue."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, BinaryIO

from bottega.actions.jobs.ask import enqueue
from bottega.actions.jobs.shapes import JobInfo
from bottega.actions.jobs.uploads import drop_upload, keep_upload, leave_upload
from bottega.actions.verb import Verb
from bottega.shop.doors.acting import changing
from bottega.shop.open_shop import OpenShop

__all__ = ["import_sent"]


def import_sent(shop: OpenShop, one: Verb, name: str, content: BinaryIO, fields: dict[str, Any]) -> JobInfo:
    """The job that imports `content` by the verb `one`; `fields` is the rest of its request.

    The file is kept until the job is over. Raises `RequestInvalid`, and then keeps nothing.
    """
    source = keep_upload(shop.folder, name, content)
    try:
        with changing(shop.store, one.name, SimpleNamespace(name=name)):
            job = enqueue(shop, one, {**fields, "source": source})
    except BaseException:
        drop_upload(shop.folder, source)
        raise
    leave_upload(shop.folder, source)
    return job
