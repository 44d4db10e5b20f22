"""Run as a program: serves a house with the stand-ins, as ``pincite serve`` would with the models.

``python -m tests.server.served HOUSE DELAY`` - the folder that the fixture ``settings`` made, and seconds per token.
"""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

from rag import Assistant, Settings, open_snapshot
from rag.generation.base import Generator
from rag.settings import AnsweringSettings, ServerSettings
from server.serving import serve
from tests.conftest import BagOfWordsEmbedder
from tests.server.stand_ins import PacedGenerator


def main(house: Path, delay: float) -> None:
    """Serve until stopped."""
    settings = Settings(
        corpus_dir=house / "corpus",
        index_dir=house / "index",
        answering=AnsweringSettings(confidence=0.5, calibration=house / "calibration.toml", repeated_answers=0),
        server=ServerSettings(port=0, requests_per_minute=1_000_000),
    )

    def open_assistant(settings: Settings, generator: Generator | None = None) -> Assistant:
        paced = PacedGenerator(delay=delay)
        return Assistant(settings, open_snapshot(settings.index_dir), BagOfWordsEmbedder(), generator or paced)

    serve(settings, partial(print, flush=True), open_assistant)


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]))
