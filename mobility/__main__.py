"""``python -m mobility``."""

from mobility.main import main

main()
