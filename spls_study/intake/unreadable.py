"""A file that cannot be read, or lacks what its table needs."""

from ..errors import StudyError

DAMAGED = (
    "classeur abîmé, ou archive qui n'est pas un classeur\u202f; rouvrez-le dans un tableur et enregistrez-le à nouveau"
)
PROTECTED = "classeur protégé\u202f; enregistrez-le sans mot de passe"


class Unreadable(StudyError):
    """Sets the file aside; the message goes on a sentence that begins with the file's name."""
