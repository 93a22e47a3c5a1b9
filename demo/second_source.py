"""A second source to compare with: the same operations as SISAL gives them, but for six."""

from .extracts import TABLEUR, rows_of
from .parts import Edition, Part, to_csv
from .state import as_of

HEADERS = [*TABLEUR[:2], *TABLEUR[3:12]]


def part(edition: Edition) -> Part:
    """rapprochement.csv, on the day of the extraction, without what was annulled or rejected."""
    lines = as_of(edition)
    seen = lines[~lines["statut"].isin(["Annulée", "Rejetée"])]
    alone = seen.groupby("numero_operation")["produit"].transform("size").eq(1)
    known = seen[alone & seen["statut"].eq("Agréée") & seen["produit"].eq("PLUS")]
    of_year = {y: [*n] for y, n in known.groupby("annee_programmation")["numero_operation"]}
    absent, other, later = of_year[2013][-2:], of_year[2012][:3], of_year[2011][0]
    records = [r for r in seen.to_dict("records") if r["numero_operation"] not in absent]
    for record in records:
        record["nb_logements"] += record["numero_operation"] in other
        record["annee_programmation"] += record["numero_operation"] == later
    gaps = [
        *(f"- {n} : absente, sa décision n'était pas encore imputée ;" for n in absent),
        *(f"- {n} : un logement de plus, la modification n'est pas saisie dans Galion ;" for n in other),
        f"- {later} : comptée en 2012, année de sa décision, et non en 2011.",
    ]
    content = to_csv(rows_of(HEADERS, records))
    return Part({"rapprochement.csv": content}, {"ecarts": "\n".join(gaps)})
