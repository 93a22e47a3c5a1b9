"""How much a cell may show: what a reader and a page can hold, well under what makes a document slow or impossible."""

TEXT = 100_000  # characters written by a cell: some thirty pages; ten times more took minutes to lay out
LINE = 10_000  # characters of a line written: a PDF's strings have 32 767
DATA = 20_000_000  # bytes displayed by a cell: a drawing of a hundred thousand points
CUT_TEXT = "\n… sortie coupée à 100\u00a0ko\n"
CUT_LINE = "… ligne coupée à 10\u00a0ko"
CUT_DATA = "… affichage coupé à 20\u00a0Mo"
