"""TOML files that people write, and may write wrongly: every fault is a French sentence that names the key."""

import re
import tomllib
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from notebook_reports.errors import StudyError, advice

LARGEST = 2_000_000  # bytes
_REASONS = {
    "extra_forbidden": "clé inconnue",
    "missing": "clé manquante",
    "string_type": "un texte entre guillemets est attendu",
    "string_too_short": "texte vide",
    "bool_type": "true ou false est attendu",
    "int_type": "un nombre entier est attendu",
    "date_type": "une date AAAA-MM-JJ sans guillemets est attendue",
    "dict_type": 'une table {{ A1 = "…" }} est attendue',
    "tuple_type": "une liste est attendue",
    "too_short": "au moins une question est attendue",
    "too_long": "trop de valeurs",
    "float_type": "un nombre est attendu",
    "float_parsing": "un nombre est attendu",
    "greater_than": "plus de {gt} est attendu",
    "greater_than_equal": "au moins {ge} est attendu",
    "less_than_equal": "au plus {le} est attendu",
    "list_type": "une liste est attendue",
    "model_type": "une table [entre crochets] est attendue",
}
_SAID = ("missing", "extra_forbidden", "dict_type", "too_short")  # the value would add nothing


class Part(BaseModel):
    """A part of such a file: frozen, without unknown keys, each value of its very type."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


M = TypeVar("M", bound=BaseModel)


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
        raise StudyError(f"{path.name} : lecture impossible. {advice(error)}") from None
    except RecursionError:
        raise StudyError(f"{path.name} n'est pas un fichier TOML lisible : trop de crochets imbriqués.") from None
    except ValueError as error:  # tomllib's own, those of Unicode and of very long numbers
        raise StudyError(f"{path.name} n'est pas un fichier TOML lisible : {_unreadable(error)}.") from None


def validated(model: type[M], raw: dict[str, Any], name: str) -> M:
    """The content of the file `name` as an object.

    Raises
    ------
    StudyError
        A line for each key to correct.
    """
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        errors = error.errors()
        causes = [e for e in errors if e["type"] != "too_short"] or errors  # the rest follows
        raise to_correct(name, *(_in_french(e, raw) for e in causes)) from None


def to_correct(name: str, *problems: str) -> StudyError:
    return StudyError("\n  - ".join([f"{name} est à corriger :", *problems]))


def _in_french(error: Any, raw: dict[str, Any]) -> str:
    kind = error["type"]
    if kind == "value_error":
        reason = str(error["ctx"]["error"])
    elif kind == "literal_error":
        reason = f"valeur inconnue (attendu : {error['ctx']['expected'].replace(' or ', ' ou ')})"
    elif kind == "string_pattern_mismatch":
        department = "2[AB]" in error["ctx"]["pattern"]
        reason = "code de département attendu (16, 2A, 974…)" if department else "lettres, chiffres et _ seulement"
    else:
        reason = _REASONS.get(kind, "valeur refusée").format(**error.get("ctx", {}))
    shown = "" if kind in (*_SAID, "value_error") else f", lu : {_seen(error['input'])}"
    return " : ".join(filter(None, [_place(error["loc"], raw), reason + shown]))


def _seen(value: Any) -> str:
    """A value as the file has it, nearly."""
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat() if isinstance(value, date) else repr(value)


def _unreadable(error: ValueError) -> str:
    """Why the text is no TOML, as far as can be said, and what to do."""
    if isinstance(error, UnicodeDecodeError):
        return "enregistrez-le en UTF-8"
    place = re.search(r"at line (\d+), column (\d+)", str(error))
    where = f"ligne {place[1]}, colonne {place[2]}" if place else "à la fin du fichier"
    return f"{where}, un guillemet, un crochet ou un signe = manque ou est en trop, ou une clé est donnée deux fois"


def _place(loc: tuple[str | int, ...], raw: Any) -> str:
    """« copil.auteur », « gestionnaires n° 2, nom », « question B01, type »."""
    place = ""
    for step in loc:
        if step in ("str", "int", "[key]"):
            continue
        with suppress(KeyError, IndexError, TypeError):
            raw = raw[step]
        if isinstance(step, int):
            code = raw.get("code") if isinstance(raw, dict) else None
            place += f" {code}," if isinstance(code, str) else f" n° {step + 1},"
        else:
            place += (" " if place.endswith(",") else "." if place else "") + step
    return place.rstrip(",")
