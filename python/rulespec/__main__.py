"""The ``rulespec`` command."""

import sys

from rulespec import _rulespec


def main() -> None:
    """Run the command with the arguments of the process, and exit."""
    sys.exit(_rulespec.main(["rulespec", *sys.argv[1:]]))


if __name__ == "__main__":
    main()
