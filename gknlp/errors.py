"""The one tree of exceptions: every message says what happened, where, and what to do next.

GknlpError
├── ReadError                  a file could not be read at all
│   ├── UnsupportedFormatError   no reader for this kind of file
│   ├── EmptyFileError           nothing in it, or nothing but white space
│   ├── DamagedFileError         truncated, or not what its name says
│   ├── EncryptedFileError       asks for a password
│   ├── ScannedFileError         pictures of pages, no text layer
│   └── TooLargeError            beyond a stated limit
├── SettingsError              (ValueError) a setting or option that cannot be right
├── ResourceError              a file of models/ or corpus/ is missing or malformed
├── MissingDependencyError     (ImportError) an optional package is not installed
├── EngineError                a query or worker failed; quotes the query
└── OutputError                the run folder cannot be written or is not one
"""

from __future__ import annotations

from pathlib import PurePath


class GknlpError(Exception):
    """Root of all errors that gknlp raises on purpose: `message` says what and where, `hint` what to do next."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (type(self), self.message, self.hint, dict(self.__dict__)))


def _rebuild(kind: type[GknlpError], message: str, hint: str, state: dict[str, object]) -> GknlpError:
    """Make an error again on the other side of a process boundary, whatever its own signature is."""
    error = kind.__new__(kind)
    Exception.__init__(error, message)
    error.message, error.hint = message, hint
    error.__dict__.update(state)
    return error


class ReadError(GknlpError):
    """A file that could not be read; `path` names it."""

    def __init__(self, message: str, *, path: str | PurePath = "", hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.path = str(path)


class UnsupportedFormatError(ReadError):
    """No reader for this kind of file."""


class EmptyFileError(ReadError):
    """The file holds nothing, or nothing but white space."""


class DamagedFileError(ReadError):
    """The file is truncated or is not what its name says."""


class EncryptedFileError(ReadError):
    """The file asks for a password."""


class ScannedFileError(ReadError):
    """The file holds pictures of pages and no text layer."""


class TooLargeError(ReadError):
    """The file, or what it unpacks to, is beyond a stated limit."""


class SettingsError(GknlpError, ValueError):
    """A setting, option or argument that cannot be right."""


class ResourceError(GknlpError):
    """A file of models/ or corpus/ is missing or malformed."""


class MissingDependencyError(GknlpError, ImportError):
    """An optional package is needed here and not installed; the hint names it."""


class EngineError(GknlpError):
    """A query or a worker failed."""


class OutputError(GknlpError):
    """A run folder cannot be written, or a folder is not a run."""
