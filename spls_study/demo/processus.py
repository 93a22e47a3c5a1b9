"""Today's processes of the five gestionnaires and the target in SPLS, all invented.

One process loops (DDT 16), one has parallel steps (DDTM 17), one skips steps and lacks dates
(DDT 79), one has another order (DDT 86), one has its own tool (Grand Poitiers).
"""

from datetime import date

from .parts import Edition, Part, Rows, to_csv, to_xlsx

_HEADER = ("gestionnaire", "ordre", "etape", "acteur", "support", "date_debut", "date_fin",
           "duree_jours", "ressaisie", "pieces", "irritant")
# ordre ; etape ; acteur ; support ; début ; fin (mois-jour de 2014) ; ressaisie ; pièces ; irritant
_PROCESSES = {
    "DDT 16": """
1;Lancer le recensement;DDT 16;courriel;02-03;02-05;non;;
2;Saisir les opérations projetées;Bailleur;tableur;02-10;03-14;non;;Un modèle par département
3;Valider en interne;Bailleur;papier;03-17;03-28;non;;
4;Transmettre les opérations;Bailleur;courriel;03-31;04-04;non;A01;
5;Vérifier la complétude;DDT 16;papier;04-07;04-18;oui;A01, A02;Pièces en plusieurs envois
6;Demander des compléments;DDT 16;courriel;04-22;04-24;non;;
7;Compléter le dossier;Bailleur;papier;04-25;05-16;non;A02;On ne sait plus quelle version fait foi
8;Vérifier la complétude;DDT 16;papier;05-19;05-23;oui;;
9;Recueillir l'avis des collectivités;EPCI;papier;05-26;06-13;non;;
10;Arbitrer la programmation;DREAL;réunion;06-17;06-17;non;;
11;Inscrire en programmation;DDT 16;Galion;06-18;06-25;oui;;Tout est retapé depuis le tableur
12;Notifier la liste retenue;DDT 16;papier;06-26;06-30;non;;
""",
    "DDTM 17": """
1;Lancer le recensement;DDTM 17;papier;01-20;01-24;non;;
2;Saisir les opérations projetées;Bailleur;tableur;01-27;02-28;non;;Le tableau change chaque année
3;Valider en interne;Bailleur;papier;03-03;03-14;non;;
4;Transmettre les opérations;Bailleur;papier;03-17;03-21;non;A01, A02;Envoi en double
5;Consolider le tableau départemental;DDTM 17;tableur;03-24;04-04;oui;;Quarante tableaux à fusionner
6;Vérifier la complétude;DDTM 17;papier;04-07;04-25;non;A02;
7;Recueillir l'avis des collectivités;EPCI;courriel;04-28;05-16;non;;Réponses tardives
7;Recueillir l'avis de la commune;Commune;papier;04-28;05-23;non;;
7;Consulter Action Logement;Action Logement;réunion;05-06;05-06;non;;
8;Réunir les bailleurs;DDTM 17;réunion;05-27;05-28;non;;
9;Arbitrer la programmation;DREAL;réunion;06-05;06-05;non;;
10;Inscrire en programmation;DDTM 17;Galion;06-09;06-20;oui;;Seconde saisie de toutes les opérations
11;Notifier la liste retenue;DDTM 17;papier;06-23;06-27;non;;
12;Suivre l'avancement;DDTM 17;tableur;;;oui;;Deux tableaux de suivi qui divergent
""",
    "DDT 79": """
1;Lancer le recensement;DDT 79;courriel;;;non;;
2;Saisir les opérations projetées;Bailleur;courriel;;;;;
3;Transmettre les opérations;Bailleur;courriel;03-10;04-11;non;A01;
4;Consolider le tableau départemental;DDT 79;tableur;04-14;04-18;oui;;
5;Vérifier la complétude;DDT 79;papier;04-22;;non;A01, A02;
6;Demander des compléments;DDT 79;courriel;;;non;;Relances sans réponse
7;Compléter le dossier;Bailleur;courriel;;06-06;non;;
8;Visiter les terrains;DDT 79;réunion;06-10;06-12;non;;
9;Arbitrer la programmation;DREAL;réunion;06-17;06-17;non;;
10;Inscrire en programmation;DDT 79;Galion;06-19;06-24;oui;;Saisie pour les petites associations
11;Suivre l'avancement;Mairie;tableur;;;non;;
""",
    "DDT 86": """
1;Lancer le recensement;DDT 86;papier;02-10;02-12;non;;
2;Saisir les opérations projetées;Bailleur;papier;02-17;03-21;non;;Formulaire papier de six pages
3;Transmettre les opérations;Bailleur;papier;03-24;03-28;non;A01;
4;Arbitrer la programmation;DREAL;réunion;04-08;04-08;non;;Arbitrage avant instruction
5;Recueillir l'avis des collectivités;EPCI;papier;04-14;05-09;non;;
6;Vérifier la complétude;DDT 86;papier;05-12;05-30;oui;A01, A02;
7;Demander des compléments;DDT 86;courriel;06-02;06-04;non;;
8;Compléter le dossier;Bailleur;papier;06-05;06-18;non;A02;
9;Inscrire en programmation;DDT 86;Galion;06-19;06-24;oui;;
10;Notifier la liste retenue;DDT 86;courriel;06-25;06-26;non;;
""",
    "Grand Poitiers": """
1;Lancer le recensement;Grand Poitiers;courriel;01-13;01-15;non;;
2;Saisir les opérations projetées;Bailleur;outil propre;01-20;02-21;non;;Outil ouvert deux mois
3;Valider en interne;Bailleur;papier;02-24;03-07;non;;
4;Transmettre les opérations;Bailleur;outil propre;03-10;03-14;non;A01;
5;Vérifier la complétude;Grand Poitiers;outil propre;03-17;03-28;non;A01, A02;
6;Recueillir l'avis de la commune;Commune;courriel;04-14;05-02;non;;Conseils renouvelés en mars
7;Présenter en commission habitat;Élus;réunion;05-13;05-13;non;;
8;Arbitrer la programmation;DREAL;réunion;05-20;05-20;non;;
9;Délibérer en conseil;Élus;papier;06-27;06-27;non;Délibération;Attente entre deux conseils
10;Inscrire en programmation;Grand Poitiers;Galion;06-30;06-30;oui;;Export refusé par Galion
11;Notifier la liste retenue;Grand Poitiers;papier;;;non;;
12;Suivre l'avancement;Grand Poitiers;outil propre;;;non;;
""",
}
_TARGET = """
1;Lancer le recensement;;hors SPLS;Gestionnaire
2;Saisir les opérations projetées;Saisie d'une opération;couvert;Bailleur
3;Valider en interne;Statut « En cours »;à adapter;Bailleur
4;Transmettre les opérations;Validation de l'opération;couvert;Bailleur
5;Vérifier la complétude;Consultation et pièces;à adapter;Gestionnaire
6;Demander des compléments;Rejet motivé;à adapter;Gestionnaire
7;Compléter le dossier;Modification de l'opération;couvert;Bailleur
8;Recueillir l'avis des collectivités;;hors SPLS;EPCI
9;Arbitrer la programmation;;hors SPLS;DREAL
10;Inscrire en programmation;Programmation;couvert;Gestionnaire
11;Notifier la liste retenue;Avis « visible par le maître d'ouvrage »;à adapter;Gestionnaire
12;Suivre l'avancement;Tableau de bord des opérations;couvert;Gestionnaire
"""
_IN_XLSX = ("DDTM 17", "Grand Poitiers")


def part(edition: Edition) -> Part:
    """processus/: one file per gestionnaire, and etapes_spls.csv."""
    files = {}
    for name, text in _PROCESSES.items():
        rows: Rows = [_HEADER, *(_step(name, line) for line in text.strip().splitlines())]
        path = f"processus/{name.lower().replace(' ', '_')}"
        if name in _IN_XLSX:
            files[f"{path}.xlsx"] = to_xlsx({"processus": rows})
        else:
            files[f"{path}.csv"] = to_csv(rows, encoding="cp1252")
    status = "à paramétrer" if not edition.folder else "en test"
    target = [[cell or None for cell in line.split(";")] for line in _TARGET.strip().splitlines()]
    files["etapes_spls.csv"] = to_csv([
        ("ordre", "etape", "fonction_spls", "couverture", "acteur_cible", "statut_spls"),
        *([*row, None if row[3] == "hors SPLS" else status] for row in target),
    ])
    return Part(files, _README)


def _step(name: str, line: str) -> list[object]:
    rank, step, who, tool, start, end, again, papers, trouble = line.split(";")
    timed = [date.fromisoformat(f"2014-{d}") if d else None for d in (start, end)]
    told = [text or None for text in (again, papers, trouble)]
    return [name, int(rank), step, who, tool, *timed, None, *told]


_README = """## Processus de programmation

`processus/` : un fichier par gestionnaire. Celui de la DDT 16 revient sur une étape, celui de la
DDTM 17 a trois étapes en parallèle, celui de la DDT 79 saute des étapes et n'a pas toutes ses
dates, celui de la DDT 86 arbitre avant d'instruire, Grand Poitiers a son propre outil.
`etapes_spls.csv` : le processus cible, plausible, à remplacer par celui de l'étude.
"""
