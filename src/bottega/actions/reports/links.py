"""Where in the console each thing of a report is acted on."""

from __future__ import annotations

from typing import Final

__all__ = ["PAGES"]

PAGES: Final = {
    "setup": "/console/setup",
    "earnings": "/console/earnings",
    "experiments": "/console/experiments",
    "experiment": "/console/experiments/one",
    "rules": "/console/rules",
    "quality": "/console/quality",
    "suggestions": "/console/suggestions",
    "rejects": "/console/rejects/file",
    "product": "/console/catalogue/product",
    "searches": "/console/searches",
    "search": "/console/searches/query",
    "questions": "/console/talks/questions",
    "models": "/console/models",
    "jobs": "/console/jobs",
    "job": "/console/jobs/job",
}
