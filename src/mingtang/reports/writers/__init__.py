"""Writers of reports: composed blocks as plain text, DOCX and CSV. No settings, no database."""

from mingtang.reports.writers.docx import as_docx
from mingtang.reports.writers.plain import as_csv, as_text

__all__ = ["as_csv", "as_docx", "as_text"]
