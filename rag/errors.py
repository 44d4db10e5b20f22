"""The one family of errors that reaches a user."""


class PinciteError(Exception):
    """A failure that a user can act on.

    ``str(error)`` is one line that says what happened and where; ``remedy`` says what to do about it.
    The command line prints both and no traceback.
    """

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


class ConfigurationError(PinciteError):
    """A setting is unknown, out of bounds or contradicts another."""


class ModelError(PinciteError):
    """A model is unknown, missing, damaged, or cannot be fetched or loaded."""


class UnreadableFileError(PinciteError):
    """A file of the corpus cannot be read; ``message`` is the reason shown beside its name."""


class SnapshotError(PinciteError):
    """The index is missing, damaged, or was made by another embedder or format version."""


class QuestionError(PinciteError):
    """A question or its history cannot be taken: empty, too long, or made of nothing readable."""
