"""Reading: files of any kind to reports, with what their format tells about furniture, tables, pages and identity."""

from gknlp.read.hygiene import to_simplified
from gknlp.read.reports import failure_of, find_files, read_report, read_reports

__all__ = ["failure_of", "find_files", "read_report", "read_reports", "to_simplified"]
