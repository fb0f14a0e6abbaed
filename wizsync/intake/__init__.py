"""Files into Tables: what a CSV file holds, as text, each row with its row number and line.

`read` is all that others need. Inside, a file goes this way:

    files       opens it, tells a text file from what is none
    encoding    its bytes as UTF-8
    delimiter   what its cells are separated by
    quoting     where each row begins and ends, by its quotation marks
    header      the names of its columns
    delimited   all of that, and the cells, as a Table
"""

from __future__ import annotations

from wizsync.intake.files import read

__all__ = ["read"]
