"""The `parameters` cell of a notebook, judged before any kernel starts."""

import ast
from difflib import get_close_matches
from pathlib import Path

from .errors import StudyError
from .notebook import bare
from .outputs import tags

EXPECTED = ("etude", "territoire")


def check_parameters(notebooks: list[Path]) -> None:
    """Each notebook has one cell tagged `parameters` that assigns `EXPECTED`, texts, and no more.

    Raises
    ------
    StudyError
        Naming every notebook and parameter at fault. It is the notebook that must be mended,
        not the command: exit status 1.
    """
    faults = [f"{file.name}\u00a0: {fault}" for file in notebooks for fault in _faults(file)]
    if faults:
        raise StudyError("\n".join(faults))


def _faults(file: Path) -> list[str]:
    try:
        cells = [c for c in bare(file).cells if "parameters" in tags(c)]
    except (ValueError, OSError) as error:  # nbformat's own errors are ValueErrors
        return [f"carnet illisible ({error})."]
    if len(cells) != 1:
        found = "aucune cellule" if not cells else f"{len(cells)} cellules"
        return [
            f"{found} avec l'étiquette {_quoted('parameters')}\u202f; il en faut une, qui "
            f"donne {' et '.join(_quoted(name) for name in EXPECTED)}."
        ]
    try:
        given = _assigned(cells[0].source)
    except (SyntaxError, ValueError):
        line = _quoted('nom = "texte"')
        return [f"la cellule des paramètres ne doit contenir que des lignes {line}."]
    return [
        *(f"paramètre manquant\u00a0: {_quoted(name)}." for name in EXPECTED if name not in given),
        *(f"paramètre inconnu\u00a0: {_quoted(name)}{_meant(name)}." for name in given if name not in EXPECTED),
        *(
            f"paramètre {_quoted(name)}\u00a0: un texte entre guillemets est attendu."
            for name in EXPECTED
            if name in given and not isinstance(given[name], str)
        ),
    ]


def _assigned(source: str) -> dict[str, object]:
    """Names given by plain assignments of literals; anything else is a ValueError."""
    given: dict[str, object] = {}
    for statement in ast.parse(source).body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                given[name] = ast.literal_eval(value)
            case _:
                raise ValueError(ast.dump(statement))
    return given


def _meant(name: str) -> str:
    close = get_close_matches(name, EXPECTED, n=1)
    return f" (voulait-on {_quoted(close[0])}\u202f?)" if close else ""


def _quoted(text: str) -> str:
    return f"«\u00a0{text}\u00a0»"
