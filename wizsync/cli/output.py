"""Where a command's words go: people's text, errors, and the one object of `--json`."""

from __future__ import annotations

import io
import os
import shutil
import signal
import sys
import textwrap
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from wizsync.cli.options import Showing
from wizsync.errors import Exit, MachineError, WizsyncError

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

# A pipe's lines are never wrapped: programs read them.
_ENDLESS = 10_000


@dataclass(frozen=True)
class Answer:
    """What a command ends with.

    Args:
        exit_code: Its exit code.
        last_line: The one line that `--quiet` leaves; "" for none.
        fields: Keys of the `--json` object beyond those that every command has.
        error: What stopped it, for the object; it has been or will be shown to people as well.
    """

    exit_code: Exit = Exit.DONE
    last_line: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
    error: WizsyncError | None = None


class Output:
    """One command's way to the terminal.

    Args:
        command: Its name.
        showing: How it was asked to speak.
    """

    def __init__(self, command: str, showing: Showing) -> None:
        self.command = command
        self.showing = showing
        self.target: str | None = None
        self.warnings: list[str] = []
        self.secrets: set[str] = set()
        self.crash_folder: Path | None = None
        self._people = sys.stderr if showing.as_json else sys.stdout
        self._unwritten: str | None = None
        self._console: Console | None = None
        self._started = time.monotonic()

    @property
    def at_terminal(self) -> bool:
        """Whether a person sees what is shown, and can be asked."""
        return sys.stdin is not None and sys.stdin.isatty() and self._people.isatty()

    @property
    def arrow(self) -> str:
        """An arrow that people's stream can show."""
        return "→" if _can_show(self._people, "→") else "->"

    def show(self, what: RenderableType, *, even_if_quiet: bool = False) -> None:
        """Show people something beside the last line; a text or anything that rich can draw."""
        if even_if_quiet or not self.showing.quiet:
            self._print(what)

    def ask(self, question: str) -> bool:
        """Ask a person yes or no; anything but a clear yes is a no.

        Raises:
            KeyboardInterrupt: Ctrl-C, at once: an event loop around would wait for the answer first.
        """
        self._write(self._people, f"{printable(question)} [y/N] ")
        before = signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            return sys.stdin.readline().strip().casefold() in {"y", "yes"}
        finally:
            signal.signal(signal.SIGINT, before)

    def note(self, sentence: str) -> None:
        """Say what was assumed or met and is most likely right; in `--json` it is among the warnings."""
        self.warn(sentence, label="Note")

    def warn(self, sentence: str, *, label: str = "Warning") -> None:
        """Say something that a person should know; each is said once."""
        if sentence not in self.warnings:
            self.warnings.append(sentence)
            if not self.showing.quiet:
                said = printable(self.scrub(sentence))
                self._write(sys.stderr, _wrapped(f"{label}: ", said, sys.stderr))

    def tell(self, sentence: str) -> None:
        """Say at once what is going on, beside a command's results; not where quiet is wanted."""
        if not self.showing.quiet:
            self._write(sys.stderr, _wrapped("", printable(sentence), sys.stderr))

    def finish(self, answer: Answer) -> Exit:
        """Say how it ended: the error, the last line, and the object of `--json`.

        Returns:
            The exit code: that of the answer, unless stdout could not be written.
        """
        if answer.error is not None:
            self._write(sys.stderr, self.error_block(answer.error))
        if answer.last_line:
            self._print(answer.last_line)
        if self.showing.as_json:
            import json  # noqa: PLC0415 - not for --help

            envelope = {
                **answer.fields,
                "command": self.command,
                "target": self.target,
                "warnings": [self.scrub(one) for one in self.warnings],
                "error": self._error_object(answer.error),
                "seconds": round(time.monotonic() - self._started, 3),
                "exit_code": int(answer.exit_code),
            }
            # ASCII, so that no code page on the way to the reader can harm it.
            self._write(sys.stdout, f"{json.dumps(envelope)}\n")
        if self._unwritten is None:
            return answer.exit_code
        lost = MachineError(
            f"What stands on stdout is cut short, since it could not be written: {self._unwritten}.",
            hint="See that there is room where it goes to. `wizsync runs` says what was done.",
        )
        self._write(sys.stderr, self.error_block(lost))
        return lost.exit_code

    def raw(self, text: str) -> None:
        """Print a text that is itself the result, such as a schema, unless `--json` wraps it."""
        if not self.showing.as_json:
            self._write(sys.stdout, f"{text}\n")

    def error_block(self, error: WizsyncError) -> str:
        """What happened, where, and what to do next, in plain lines."""
        parts = (("Error: ", error.message), ("  Where: ", error.where), ("  Next:  ", error.hint))
        return "".join(
            _wrapped(label, printable(self.scrub(text)), sys.stderr)
            for label, text in parts
            if text
        )

    def scrub(self, text: str) -> str:
        """The text without any API key."""
        from wizsync.redaction import masked  # noqa: PLC0415 - not for --help

        return masked(text, self.secrets)

    def _error_object(self, error: WizsyncError | None) -> dict[str, str | None] | None:
        if error is None:
            return None
        return {
            "reason": error.reason,
            "message": self.scrub(error.message),
            "where": self.scrub(error.where) if error.where else None,
            "hint": self.scrub(error.hint) if error.hint else None,
        }

    def _print(self, what: RenderableType) -> None:
        if isinstance(what, str):
            self._write(self._people, _wrapped("", printable(what), self._people))
            return
        console = self._drawing()
        # Not onto the stream itself, where rich would fail, or even end the process, with it.
        console.file = drawn = io.StringIO()
        console.print(what)
        text = drawn.getvalue()
        if not console.is_terminal:
            text = "".join(f"{line.rstrip()}\n" for line in text.splitlines())
        self._write(self._people, text)

    def _drawing(self) -> Console:
        """What draws for people's stream: colours at a terminal, endless plain lines in a pipe."""
        if self._console is None:
            from rich.console import Console  # noqa: PLC0415 - many commands show no table

            terminal = self._people.isatty()
            self._console = Console(
                file=io.StringIO(),
                force_terminal=terminal or None,
                width=None if terminal else _ENDLESS,
                highlight=False,
                markup=False,
                emoji=False,
                soft_wrap=False,
            )
        return self._console

    def _write(self, stream: TextIO, text: str) -> None:
        """Write, come what may: neither a reader that went away nor a full disk must stop a run."""
        try:
            stream.write(text)
            stream.flush()
        except (BrokenPipeError, ValueError):
            silence(stream)
        except OSError as error:
            silence(stream)
            if stream is sys.stdout:
                self._unwritten = error.strerror or str(error)


def prepare_streams() -> None:
    """Let stdout and stderr be there, and take every character, whatever the console's code page."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by whoever started us
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - stays open
        reconfigure = getattr(getattr(sys, name), "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")


def _wrapped(label: str, text: str, stream: TextIO) -> str:
    """Lines that begin below the label's end; at a terminal, wrapped to its width between words."""
    width = shutil.get_terminal_size().columns if stream.isatty() else _ENDLESS
    below = " " * len(label)
    wrapped = [
        textwrap.wrap(
            line,
            width,
            initial_indent=below if number else label,
            subsequent_indent=below,
            break_long_words=False,
            break_on_hyphens=False,
            replace_whitespace=False,
        )
        for number, line in enumerate(text.split("\n"))
    ]
    return "".join(f"{line}\n" for lines in wrapped for line in lines or [""])


def silence(stream: TextIO) -> None:
    """Let a stream whose reader went away take everything from now on."""
    try:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, stream.fileno())
        os.close(null)
    except (OSError, ValueError):
        return


def printable(text: str) -> str:
    """The text without characters that could steer a terminal; line breaks stay."""
    if text.isprintable():
        return text
    return "".join(
        letter if letter.isprintable() or letter in "\n\u00a0" else "�" for letter in text
    )


def _can_show(stream: TextIO, text: str) -> bool:
    try:
        text.encode(stream.encoding or "ascii")
    except UnicodeEncodeError:
        return False
    return True
