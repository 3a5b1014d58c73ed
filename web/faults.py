"""What a request may end with instead of a page."""

from rules.access import Act
from rules.texts import Text


class NotSignedInError(Exception):
    """Nobody is signed in, or the session is over."""


class ForbiddenError(Exception):
    """Whoever asks may not do this; says why."""

    def __init__(self, act: Act, reason: Text) -> None:
        super().__init__(str(reason))
        self.act, self.reason = act, reason


class NotFoundError(Exception):
    """There is no such thing, or none that whoever asks may know of; says what was looked for."""

    def __init__(self, what: Text) -> None:
        super().__init__(str(what))
        self.what = what


class StaleError(Exception):
    """The page came from an older session, or from another site: its token is not ours."""


class SecondFactorError(Exception):
    """An administrator has to give a code first, or to set up the second factor."""
