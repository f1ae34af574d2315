"""Start of CurveDesk: decides what runs before anything heavy is imported. This version has the command line only."""

import sys


def main() -> int:
    """Run the command line; the return value is the exit status."""
    from curvedesk.cli.run import main as command_line

    return command_line()


if __name__ == "__main__":
    sys.exit(main())
