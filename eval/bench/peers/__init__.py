"""Other libraries for answering from documents, measured beside ours: each in an environment of its own.

``llama_index``, ``txtai`` and ``langchain`` are programs for those environments, where Pincite is not installed; they
share ``job`` and ``driving`` with this side, which import the standard library and llama.cpp alone.
"""
