"""The ``rulespec`` command."""

import signal
import sys

from rulespec import _rulespec


def main() -> None:
    """Run the command with the arguments of the process, and exit."""
    # The command handles Ctrl-C itself. Python's handler would raise an exception after it.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    sys.exit(_rulespec.main(["rulespec", *sys.argv[1:]]))


if __name__ == "__main__":
    main()
