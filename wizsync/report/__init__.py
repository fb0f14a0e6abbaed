"""What happened, told in the spreadsheet's own terms: the reports, and the rows to mend."""

from wizsync.report.meanwhile import conflicts, moved
from wizsync.report.rejected_csv import write_rejected
from wizsync.report.rejected_xlsx import write_rejected_xlsx
from wizsync.report.report_html import write_html
from wizsync.report.report_json import write_json
from wizsync.report.report_xlsx import write_xlsx
from wizsync.report.verdicts import Cell, ChildVerdict, Standing, Verdict, Verdicts, verdicts

__all__ = [
    "Cell",
    "ChildVerdict",
    "Standing",
    "Verdict",
    "Verdicts",
    "conflicts",
    "moved",
    "verdicts",
    "write_html",
    "write_json",
    "write_rejected",
    "write_rejected_xlsx",
    "write_xlsx",
]
