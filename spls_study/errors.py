"""Errors meant for the user: a French sentence, shown without a traceback."""


class StudyError(Exception):
    """Something the user can mend; the message is French and says what to do."""


class UsageError(StudyError):
    """The command or a parameter is used wrongly (exit status 2)."""


class UnknownTerritory(UsageError):
    """A territory that the study does not have."""
