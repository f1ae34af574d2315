"""The one family of errors a user may see: a single sentence that says what, where, and what to do."""


class CurveDeskError(Exception):
    """Base of every error that is the user's to read; its text is one sentence without a newline."""


class ScanError(CurveDeskError):
    """A scan cannot be opened or decoded."""


class SheetError(CurveDeskError):
    """A sheet file is wrong; the sentence names the key and the fault."""


class StrokesError(CurveDeskError):
    """A strokes file is wrong; the sentence names the stroke and the fault."""


class ProjectError(CurveDeskError):
    """A project cannot be opened, saved or recovered."""


class ModelError(CurveDeskError):
    """A model is missing, tampered with, or does not fit."""


class ExportError(CurveDeskError):
    """A file could not be written, or did not read back as written."""


class Cancelled(CurveDeskError):  # noqa: N818
    """The user stopped the work; nothing was written."""
