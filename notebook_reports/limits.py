"""How much a cell may show: what a reader, a page and a PDF can hold, well under what would stop them."""

TEXT = 1_000_000  # characters written by a cell: some 250 pages
DATA = 20_000_000  # bytes displayed by a cell: a drawing of a hundred thousand points
CUT_TEXT = "\n… sortie coupée à 1\u00a0Mo\n"
CUT_DATA = "… affichage coupé à 20\u00a0Mo"
