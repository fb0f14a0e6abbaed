"""What happened, told in the spreadsheet's own terms: report.html, report.json, rejected.csv."""

from wizsync.report.rejected_csv import write_rejected
from wizsync.report.report_html import write_html
from wizsync.report.report_json import write_json
from wizsync.report.verdicts import Cell, Standing, Verdict, Verdicts, verdicts

__all__ = [
    "Cell",
    "Standing",
    "Verdict",
    "Verdicts",
    "verdicts",
    "write_html",
    "write_json",
    "write_rejected",
]
