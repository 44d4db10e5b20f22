"""Pincite: answers from your own documents, every sentence pinned to the sentence it rests on."""
