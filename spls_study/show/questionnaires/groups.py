"""The questions put to several groups of people (`commun`), side by side."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from ...french import count
from .. import Block, Report, say
from .figures import figures
from .vue import Sides, Vue, items


def common(r: Report, vues: Sequence[Vue]) -> Iterator[Block]:
    """Convergences and divergences; a sentence where a group is too small to be compared."""
    least = r.study.secret.seuil
    enough = [v for v in vues if not v.closed and v.total.repondants >= least]
    if len(enough) > 1:
        for rank, found in enumerate(_together(enough)):
            yield from figures(r, "Questions communes", "nombres_communs" + f"_{rank}" * (rank > 0), found)
    elif len(vues) > 1:
        yield say(
            f"Il faut au moins {count(least, 'réponse')} dans deux groupes pour les comparer\u00a0: les questions "
            "communes se lisent dans le rapport régional."
        )


def _together(vues: Sequence[Vue]) -> list[list[Sides]]:
    """The items that the same groups answered and that show in each."""
    found: dict[tuple[str, str, str], Sides] = defaultdict(list)
    for v in vues:
        for question in v.codebook.questions:
            if question.commun and question.type != "texte":
                for item in items(v, question):
                    found[question.commun, question.type, item.part].append((v, item))
    together: dict[tuple[str, ...], list[Sides]] = defaultdict(list)
    for sides in found.values():
        if len(sides) > 1 and all(item.state == "visible" for _, item in sides):
            together[tuple(v.codebook.id for v, _ in sides)].append(sides)
    return list(together.values())
