"""Start of CurveDesk: window, engine, decoder or command line, decided before anything heavy is imported."""

import sys
from collections.abc import Callable, Sequence


def main() -> int:
    """Play the role that the first argument names; the return value is the exit status."""
    return role_of(sys.argv[1:])()


def role_of(arguments: Sequence[str]) -> Callable[[], int]:
    """What to run: a child's role by its name, the window for nothing, files or the demo alone, else a verb."""
    first = arguments[0] if arguments else ""
    if first == "engine":
        return _engine
    if first == "decoder":
        return _decoder
    if not first or is_file_name(first) or list(arguments) == ["demo"]:
        return _window
    return _command_line


def is_file_name(word: str) -> bool:
    """Whether an argument is a scan or a project to open; verbs and options are neither."""
    return not word.startswith("-") and any(mark in word for mark in "./\\")


def _engine() -> int:
    from curvedesk.engine.main import main as engine

    return engine()


def _decoder() -> int:
    from curvedesk.imaging.decoder import main as decoder

    decoder()
    return 0


def _window() -> int:
    from curvedesk.ui.app import main as window

    return window(sys.argv[1:])


def _command_line() -> int:
    from curvedesk.cli.run import main as command_line

    return command_line()


if __name__ == "__main__":
    sys.exit(main())
