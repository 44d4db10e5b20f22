"""Reading: from a file of any known format to a Document with normalised text."""

from rag.reading.documents import read_document
from rag.reading.registry import reader_for, supported_suffixes

__all__ = ["read_document", "reader_for", "supported_suffixes"]
