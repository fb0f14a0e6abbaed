"""The commands and what they print: the only place that writes to the terminal.

A command parses, calls the pipeline, and turns the result into output and an exit code. Heavy imports
wait inside the functions that need them, so that `wizsync --help` answers at once.
"""

from __future__ import annotations

from wizsync.cli.entry import carry_out, main

__all__ = ["carry_out", "main"]
