"""The invented landlords, and the table of organismes."""

from dataclasses import dataclass

from .parts import Edition, Part, listed, root, to_xlsx


@dataclass(frozen=True)
class Bailleur:
    """`ou`: departments as `17|79`; `debut`, `fin`: first and last year with operations."""

    nom: str
    famille: str
    ou: str
    nb_logements: int
    debut: int
    fin: int
    rang: int

    @property
    def departements(self) -> tuple[str, ...]:
        return tuple(self.ou.split("|"))

    @property
    def id(self) -> str:
        return f"B{self.rang:02d}"

    @property
    def siren(self) -> str:
        """Nine digits that no company has (000…), with Luhn's key."""
        return with_key(f"000{4100 + 37 * self.rang:05d}")

    @property
    def siret(self) -> str:
        return with_key(f"{self.siren}0001")


def with_key(digits: str) -> str:
    """The digits followed by their Luhn key."""
    doubled = [int(d) * (2 if i % 2 == 0 else 1) for i, d in enumerate(reversed(digits))]
    return f"{digits}{-sum(d // 10 + d % 10 for d in doubled) % 10}"


BAILLEURS = tuple(
    Bailleur(name, family, where, int(stock), int(first), int(last), rank)
    for rank, (name, family, where, stock, first, last) in enumerate(listed("bailleurs"), start=1)
)
_PARTENAIRES = (
    ("DREAL", "DREAL Poitou-Charentes", "État"),
    ("AROSH", "AROSH Poitou-Charentes", "Association régionale"),
    ("UESL", "UESL – Action Logement", "Action Logement"),
    ("CEREMA", "CEREMA", "Appui technique"),
)


def part(edition: Edition) -> Part:
    """organismes.xlsx: gestionnaires of study.toml, landlords, partners."""
    study = root()
    everywhere = "|".join(sorted(study.departements))
    header = "id nom role famille departements siren nb_logements contact".split()
    rows: list[list[object]] = []
    for g in study.gestionnaires:
        family = "délégataire" if g.delegataire else g.nom.split()[0]
        rows.append([g.id, g.nom, "gestionnaire", family, g.departement, None, None])
    rows += [[b.id, b.nom, "bailleur", b.famille, b.ou, b.siren, b.nb_logements] for b in BAILLEURS]
    rows += [[i, nom, "partenaire", famille, everywhere, None, None] for i, nom, famille in _PARTENAIRES]
    reached = [[*row, f"{str(row[0]).lower()}@exemple.fr"] for row in rows]
    return Part({"organismes.xlsx": to_xlsx({"organismes": [header, *reached]})})
