"""The command line: ``cloudai text sentiment "I love it" -p local``.

``app.py`` is the root, ``exits.py`` the exit codes. ``areas.py`` makes a command of every operation there is,
``fields.py`` options of a request's fields, and ``options.py`` a client of the options that all commands share.
``media.py`` asks about files rather than words, one or many, and ``draw.py`` saves pictures of the answers.
``compare.py``, ``providers.py`` and ``doctor.py`` are the other commands. ``show.py``, ``report.py``,
``progress.py`` and ``screen.py`` say what comes out. Nothing of a vendor is imported before a vendor is asked.
"""

from __future__ import annotations

__all__ = ["main"]


def main() -> None:
    """Runs the command line and exits with its code."""
    from cloudai.cli.app import app

    app.main(prog_name="cloudai")
