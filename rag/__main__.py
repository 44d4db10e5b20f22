"""``python -m rag`` is ``pincite``."""

from rag.cli.main import main

main()
