"""The audit log, read: who changed what, and when."""

from __future__ import annotations

from datetime import UTC, datetime

from bottega.actions.running.audit_shapes import AuditPage, AuditQuery, ChangeInfo
from bottega.shop.open_shop import OpenShop

__all__ = ["list_changes"]


def list_changes(shop: OpenShop, request: AuditQuery) -> AuditPage:
    """Who changed what, and when, the newest first."""
    found = shop.store.audit.newest(request.n + 1, before=request.before, who=request.who, verb=request.verb)
    shown = found[: request.n]
    return AuditPage(
        changes=[
            ChangeInfo(
                number=number,
                at=datetime.fromtimestamp(one.at_ms / 1000, UTC).isoformat("T", "milliseconds"),
                by=one.by,
                who=one.who,
                verb=one.verb,
                what=one.what,
                request_id=one.request_id,
            )
            for number, one in shown
        ],
        next=shown[-1][0] if len(found) > request.n else None,
    )
