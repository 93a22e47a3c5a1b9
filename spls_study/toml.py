"""TOML files that people write, and may write wrongly."""

import tomllib
from pathlib import Path
from typing import Any

from .errors import StudyError

LARGEST = 2_000_000  # bytes


def read_toml(path: Path, absent: str) -> dict[str, Any]:
    """The content of a file; `absent` is the sentence for a file that is not there.

    Raises
    ------
    StudyError
        When it is missing, too large, or no TOML.
    """
    try:
        if path.stat().st_size > LARGEST:
            raise StudyError(
                f"{path.name} dépasse {LARGEST // 1_000_000} Mo : ce n'est pas un fichier TOML écrit à la main."
            )
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise StudyError(absent) from None
    except OSError as error:
        raise StudyError(f"{path.name} : lecture impossible ({error.strerror}).") from None
    except RecursionError:
        raise StudyError(f"{path.name} n'est pas un fichier TOML lisible : trop de crochets imbriqués.") from None
    except ValueError as error:  # tomllib's own, those of Unicode and of very long numbers
        raise StudyError(f"{path.name} n'est pas un fichier TOML lisible : {error}.") from None
