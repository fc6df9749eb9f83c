"""How servers, workers and the processes of jobs log: one JSON object a line on standard error, libraries included."""

from __future__ import annotations

import logging
import sys
from typing import Literal

import structlog

__all__ = ["log_as_json"]


def log_as_json(least: Literal["info", "warning", "critical"] = "info") -> None:
    """Log so from here on, what is at least of this weight."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[least.upper()]),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
    )
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(message)s")
