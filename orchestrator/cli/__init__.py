"""The command line: `docmill`. One file a group of commands; what they need is imported when they run."""


def main() -> None:
    """The entry point."""
    import sys

    from orchestrator.cli.running import run

    sys.exit(run(sys.argv[1:]))
