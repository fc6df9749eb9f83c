"""Where in the console each thing of a report is acted on."""

from __future__ import annotations

from typing import Final

__all__ = ["PAGES"]

PAGES: Final = {
    "home": "/console",
    "setup": "/console/setup",
    "proof": "/console/earnings",
    "experiments": "/console/experiments",
    "rules": "/console/rules",
    "check": "/console/catalogue",
    "doubts": "/console/suggestions",
    "rejects": "/console/rejects",
    "product": "/console/product",
    "search": "/console/searches",
    "questions": "/console/talks/questions",
    "models": "/console/models",
    "jobs": "/console/jobs",
    "reports": "/console/reports",
}
