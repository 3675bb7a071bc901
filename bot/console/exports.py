"""Tables as files for other programs: CSV (RFC 4180) and XLSX. Pure.

In: tables of plain values. Out: bytes. No cell can run as a formula where the file is opened, whatever strangers called
themselves (https://owasp.org/www-community/attacks/CSV_Injection): CSV cells get an apostrophe, XLSX cells are typed as text.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import Any

import xlsxwriter

from routing.reports import Table

_BEGINNINGS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def as_csv(table: Table) -> bytes:
    """UTF-8 with a byte-order mark, without which spreadsheets guess another encoding."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([_inert(column) for column in table.columns])
    writer.writerows([_inert(cell) for cell in row] for row in table.rows)
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(tables: Iterable[Table]) -> bytes:
    """One sheet for each table, its first row in bold and fixed."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        bold = book.add_format({"bold": True})
        for table in tables:
            sheet = book.add_worksheet(table.name[:31])
            sheet.freeze_panes(1, 1)
            for place, row in enumerate((table.columns, *table.rows)):
                for column, cell in enumerate(row):
                    write = sheet.write_number if isinstance(cell, int | float) else sheet.write_string
                    write(place, column, cell if isinstance(cell, int | float) else str(cell), None if place else bold)
            sheet.autofit()
    return out.getvalue()


def _inert(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_BEGINNINGS) else cell
