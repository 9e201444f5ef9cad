"""``mobility`` and ``python -m mobility``. Ctrl-C is no fault while the program is still being read, either."""

import sys

INTERRUPTED = 130


def run() -> None:
    """Run the command line (``mobility.main``), which ends with an exit code."""
    try:
        from mobility.main import main

        main()
    except KeyboardInterrupt:
        sys.stderr.write("mobility: Interrupted.\n")
        if "--json" in sys.argv[1:]:
            sys.stdout.write('{"error": {"kind": "interrupted", "exit_code": 130, "message": "Interrupted."}}\n')
        sys.exit(INTERRUPTED)


if __name__ == "__main__":
    run()
