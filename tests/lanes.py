"""All tests in two lanes side by side: whole systems, which mostly wait for their services, and everything else.

``python -m tests.lanes`` shows the second lane as it runs and the first one when both are done. The exit code is 0 if
both are well. Each lane has services of its own.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

WHOLE_SYSTEMS = ["tests/end_to_end", "tests/chaos", "tests/browser"]
TESTS = Path(__file__).parent


def main() -> int:
    """Run both; the first exit code that is not 0."""
    pytest = [sys.executable, "-m", "pytest"]
    everything = sorted(f"tests/{folder.name}" for folder in TESTS.iterdir() if any(folder.glob("**/test_*.py")))
    rest = [folder for folder in everything if folder not in WHOLE_SYSTEMS]
    with tempfile.TemporaryFile() as said:
        print(f"Beside this: {', '.join(WHOLE_SYSTEMS)}; shown at the end.", flush=True)
        systems = subprocess.Popen([*pytest, *WHOLE_SYSTEMS], stdout=said, stderr=subprocess.STDOUT)
        try:
            shown = subprocess.run([*pytest, *rest], check=False).returncode
            beside = systems.wait()
        except BaseException:
            systems.terminate()
            systems.wait()
            raise
        said.seek(0)
        sys.stdout.flush()
        sys.stdout.buffer.write(said.read())
        sys.stdout.flush()
    return shown or beside


if __name__ == "__main__":
    sys.exit(main())
