"""The screening report (资格审查报告): what was screened by which rules, what came out, and why, person by person.

``papers`` returns the report as one document, or in volumes for a large centre.
"""

from reports.screening_report.layout import html, papers
from reports.screening_report.view import Judged, ScreeningReport

__all__ = ["Judged", "ScreeningReport", "html", "papers"]
