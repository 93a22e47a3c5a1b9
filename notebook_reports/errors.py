"""Errors meant for the user: a French sentence, shown without a traceback."""

import errno
from dataclasses import dataclass

_ADVICE = {
    "disque plein\u202f; libérez de la place": "ENOSPC EDQUOT EFBIG",
    "accès refusé\u202f; fermez le fichier s'il est ouvert ailleurs (un tableur…), vérifiez vos "
    "droits sur le dossier": "EACCES EPERM EROFS",
    "introuvable\u202f; si c'est un lecteur réseau, reconnectez-le": "ENOENT ESTALE EIO ENODEV ENOTCONN EHOSTDOWN",
    "un dossier est à la place d'un fichier, ou l'inverse\u202f; ôtez-le": "EISDIR ENOTDIR EEXIST ENOTEMPTY",
}


class StudyError(Exception):
    """Something the user can mend; the message is French and says what to do."""


class UsageError(StudyError):
    """The command or a parameter is used wrongly (exit status 2)."""


@dataclass(frozen=True)
class CellError:
    """Where a notebook stopped.

    Parameters
    ----------
    cell
        Rank among the notebook's code cells, as JupyterLab counts them when run from the top;
        0 when no cell ran.
    line
        The line of source that failed.
    """

    cell: int
    line: str
    error: str


def because(error: OSError) -> str:
    """Why the system refuses a file or a folder, and what to do."""
    code = errno.errorcode.get(error.errno or 0, "")
    return next((said for said, codes in _ADVICE.items() if code in codes.split()), str(error))


def advice(error: OSError) -> str:
    """The same as a sentence, for whoever runs a command."""
    name = error.filename2 or error.filename or "Écriture ou lecture"
    return f"{name}\u00a0: {because(error)}, puis relancez. Ce qui était publié reste lisible."
