"""The invented landlords, and the table of organismes."""

from dataclasses import dataclass, replace

from ..study import PACKAGE, load_study
from .parts import Edition, Part, to_xlsx


@dataclass(frozen=True)
class Bailleur:
    """`ou`: departments as `17|79`; `debut`, `fin`: first and last year with operations."""

    nom: str
    famille: str
    ou: str
    nb_logements: int
    debut: int = 2010
    fin: int = 2014
    rang: int = 0

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


_DRAWN = (
    Bailleur("Habitat Fictif des Brandes", "OPH", "86", 8480),
    Bailleur("Office Fictif du Grand Estuaire", "OPH", "17", 7650),
    Bailleur("SA Fictive des Quatre Vallées", "ESH", "16|17|79|86", 7120),
    Bailleur("SA Fictive des Deux Marais", "ESH", "17|79", 6240),
    Bailleur("Habitat Fictif du Val de Craie", "OPH", "16", 5870),
    Bailleur("Office Fictif de la Sèvre Imaginée", "OPH", "79", 5410),
    Bailleur("Office Fictif du Port Blanc", "OPH", "17", 5180),
    Bailleur("SA Fictive du Seuil", "ESH", "79|86", 4350),
    Bailleur("SA Fictive des Tuiles Roses", "ESH", "16|17", 3940),
    Bailleur("SEM Fictive des Coteaux", "SEM", "86", 3780),
    Bailleur("Office Fictif de la Ville Haute", "OPH", "16", 3620),
    Bailleur("SA Fictive Horizon Inventé", "ESH", "17|86", 3510),
    Bailleur("Coopérative Fictive du Bocage", "Coop", "79", 2260),
    Bailleur("SEM Fictive de l'Anse", "SEM", "17", 1890),
    Bailleur("Office Fictif des Tours de Papier", "OPH", "86", 1730),
    Bailleur("Coopérative Fictive des Ormes", "Coop", "16|86", 1340),
    Bailleur("SA Fictive du Moulin Rêvé", "ESH", "16|79", 1180, 2010, 2012),
    Bailleur("SEM Fictive du Pertuis", "SEM", "17", 960),
    Bailleur("Coopérative Fictive du Littoral", "Coop", "17", 840, 2012),
    Bailleur("Association Fictive Toit Imaginaire", "MOI", "16|17|79|86", 720),
    Bailleur("SA Fictive Nouvel Abri", "ESH", "17|79|86", 640, 2013),
    Bailleur("Association Fictive Les Saisons", "MOI", "17|79", 560),
    Bailleur("SEM Fictive de la Plaine", "SEM", "79", 480),
    Bailleur("Association Fictive Le Grand Âge", "MOI", "16|86", 430),
    Bailleur("Maison Fictive des Aînés", "MOI", "79|86", 370),
    Bailleur("Association Fictive Passerelle", "MOI", "86", 310, 2010, 2011),
    Bailleur("Coopérative Fictive du Ponant", "Coop", "17", 260, 2012),
    Bailleur("Maison Fictive des Embruns", "MOI", "17", 220),
    Bailleur("Association Fictive Escale", "MOI", "16", 180, 2010, 2013),
    Bailleur("Foyer Fictif des Compagnons", "MOI", "79", 150),
    Bailleur("Habitat Fictif Solidaire", "MOI", "16|17", 120, 2013),
)
BAILLEURS = tuple(replace(b, rang=i) for i, b in enumerate(_DRAWN, start=1))
_PARTENAIRES = (
    ("DREAL", "DREAL Poitou-Charentes", "État"),
    ("AROSH", "AROSH Poitou-Charentes", "Association régionale"),
    ("UESL", "UESL – Action Logement", "Action Logement"),
    ("CEREMA", "CEREMA", "Appui technique"),
)


def part(edition: Edition) -> Part:
    """organismes.xlsx: gestionnaires of study.toml, landlords, partners."""
    study = load_study(PACKAGE.parent / "study.toml")
    everywhere = "|".join(sorted(study.departements))
    rows: list[list[object]] = [["id", "nom", "role", "famille", "departements", "siren",
                                 "nb_logements", "contact"]]
    for g in study.gestionnaires:
        family = "délégataire" if g.delegataire else g.nom.split()[0]
        rows.append([g.id, g.nom, "gestionnaire", family, g.departement, None, None,
                     f"{g.id.lower()}@exemple.fr"])
    rows += [[b.id, b.nom, "bailleur", b.famille, b.ou, b.siren,
              b.nb_logements, f"{b.id.lower()}@exemple.fr"] for b in BAILLEURS]
    rows += [[i, nom, "partenaire", famille, everywhere, None, None, f"{i.lower()}@exemple.fr"]
             for i, nom, famille in _PARTENAIRES]
    return Part({"organismes.xlsx": to_xlsx({"organismes": rows})}, _README)


_README = """## Organismes

`organismes.xlsx` : les cinq gestionnaires, 31 bailleurs inventés (leur SIREN commence par 000 et
leur clé de Luhn est juste), quatre partenaires. Toutes les adresses sont à exemple.fr.
"""
