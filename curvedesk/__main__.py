"""Start of CurveDesk: engine, decoder or command line, decided before anything heavy is imported."""

import sys
from collections.abc import Callable, Sequence


def main() -> int:
    """Play the role that the first argument names; the return value is the exit status."""
    return role_of(sys.argv[1:])()


def role_of(arguments: Sequence[str]) -> Callable[[], int]:
    """What to run: a child's role by its name, else the command line."""
    first = arguments[0] if arguments else ""
    if first == "engine":
        return _engine
    if first == "decoder":
        return _decoder
    return _command_line


def _engine() -> int:
    from curvedesk.engine.main import main as engine

    return engine()


def _decoder() -> int:
    from curvedesk.imaging.decoder import main as decoder

    decoder()
    return 0


def _command_line() -> int:
    from curvedesk.cli.run import main as command_line

    return command_line()


if __name__ == "__main__":
    sys.exit(main())
