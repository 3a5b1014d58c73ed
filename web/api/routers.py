"""The routers of the API, one for a noun."""

from typing import Final

from web.api import reference

ALL: Final = (*reference.DESCRIBED, reference.doors)
