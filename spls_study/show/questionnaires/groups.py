"""The questions put to several groups of people (`commun`), side by side."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from ...french import count
from .. import Block, Report, say
from .figures import figures
from .vue import Sides, Vue, items

LEAST = 3  # answers without which a group is not compared


def common(r: Report, vues: Sequence[Vue]) -> Iterator[Block]:
    """Convergences and divergences; a sentence where a group is too small to be compared."""
    enough = [v for v in vues if not v.closed and v.total.repondants >= LEAST]
    if len(enough) > 1:
        for rank, found in enumerate(_together(enough)):
            yield from figures(r, "Questions communes", "nombres_communs" + f"_{rank}" * (rank > 0), found)
    elif len(vues) > 1:
        elsewhere = "" if r.lieu.is_region else "\u00a0: les questions communes se lisent dans le rapport régional"
        yield say(f"Il faut au moins {count(LEAST, 'réponse')} dans deux groupes pour les comparer{elsewhere}.")


def _together(vues: Sequence[Vue]) -> list[list[Sides]]:
    """The items that the same groups answered."""
    found: dict[tuple[str, str, str], Sides] = defaultdict(list)
    for v in vues:
        for question in v.codebook.questions:
            if question.commun and question.type != "texte":
                for item in items(v, question):
                    found[question.commun, question.type, item.part].append((v, item))
    together: dict[tuple[str, ...], list[Sides]] = defaultdict(list)
    for sides in found.values():
        if len(sides) > 1 and all(item.base for _, item in sides):
            together[tuple(v.codebook.id for v, _ in sides)].append(sides)
    return list(together.values())
