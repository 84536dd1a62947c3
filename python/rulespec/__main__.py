"""The ``rulespec`` command."""

import sys

from rulespec import _rulespec


def main() -> None:
    """Runs the command by the arguments of the process, and ends the process."""
    sys.exit(_rulespec.main(["rulespec", *sys.argv[1:]]))


if __name__ == "__main__":
    main()
