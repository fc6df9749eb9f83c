"""One catalogue checked from its first product to its end: every rule of `rules.py` but those of pictures."""

from __future__ import annotations

from bottega.catalogue.check import FeedCheck, check_product
from bottega.catalogue.quality.coverage import CoverageCheck
from bottega.catalogue.quality.facts import Facts
from bottega.catalogue.quality.groups import GroupCheck
from bottega.catalogue.quality.rows import SeenRow, row_findings
from bottega.catalogue.quality.whole import whole_findings
from bottega.sources.findings import CheckFinding, CheckFindings
from bottega.sources.problems import Problem, Severity

__all__ = ["CatalogueCheck"]


class CatalogueCheck:
    """Takes products as they go by. `natural_groups`: whether a group of one is no mistake in the format."""

    def __init__(self, findings: CheckFindings, *, natural_groups: bool = False) -> None:
        self.findings = findings
        self.coverage = CoverageCheck()
        self.facts = Facts()
        self._feed = FeedCheck(natural_groups)
        self._groups = GroupCheck()

    def problem(self, found: Problem) -> None:
        """What a reader, or a rule of an import, has to say."""
        self.findings.add(CheckFinding(found.rule, found.row, found.field, found.seen, found.fix))

    def add(self, row: SeenRow, *, read: bool) -> bool:
        """Take in a product; whether it counts as one. `read`: whether a reader has judged it alone already."""
        product = row.product
        problems = self._feed.add(product)
        for found in problems if read else [*check_product(product), *problems]:
            self.problem(found)
        if any(found.severity is Severity.REJECT for found in problems):
            return False
        for finding in row_findings(row):
            self.findings.add(finding)
        self.facts.add(product)
        self.coverage.add(product, row.has_identifiers)
        self._groups.add(product)
        return True

    def end(self) -> None:
        """Judge the whole."""
        for found in self._feed.end():
            self.problem(found)
        for name in self.coverage.few_lack():  # said row by row
            self.findings.drop("field_empty", name)
        for finding in (*self.coverage.end(), *whole_findings(self.facts), *self._groups.end(self.facts)):
            self.findings.add(finding)
