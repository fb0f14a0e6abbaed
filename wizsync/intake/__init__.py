"""Files into Tables: what a workbook or a CSV file holds, as text, each row with its row number.

`read` and `sheets` are all that others need. Inside, a file goes this way:

    files            opens it, tells by its content what it is
      encoding       a text's bytes as UTF-8
      delimiter      what its cells are separated by
      quoting        where each row begins and ends, by its quotation marks
      delimited      all of that, and the cells
      archive        what a workbook of today is packed in, and whether it is safe to unpack
      workbook       its sheets, the cells of one, by a fast reader
      ooxml, binary_excel, old_excel, opendocument
                     what that reader does not tell: errors, codes such as 00123
      number_formats, sheet_rows        values as the texts that people see, under the header
      web_table      a web page with a table, under the name of a workbook
    header           the names of the columns
    tabular          what all have in common: a grid of cells as a Table
"""

from __future__ import annotations

from wizsync.intake.files import read, sheets

__all__ = ["read", "sheets"]
