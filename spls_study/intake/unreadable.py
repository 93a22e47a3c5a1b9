"""A file that cannot be read, or lacks what its table needs."""

from ..errors import StudyError


class Unreadable(StudyError):
    """Sets the file aside; the message goes on a sentence that begins with the file's name."""
