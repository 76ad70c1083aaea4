"""Two printed pages for a visit to a doctor or therapist: what to put on them, and the PDF."""

from backstride.report.page import LIMITS, PAPERS, Report, Section, Table, shortened
from backstride.report.pdf import Printed, can_print, print_pdf

__all__ = [
    "LIMITS",
    "PAPERS",
    "Printed",
    "Report",
    "Section",
    "Table",
    "can_print",
    "print_pdf",
    "shortened",
]
