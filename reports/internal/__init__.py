"""What the internal documents share (screening report, score book): tables as blocks, their look, seats, volumes.

``internal.html`` has the macros that draw blocks, ``internal.css`` the look.
"""

from pathlib import Path
from typing import Final

TEMPLATES: Final = Path(__file__).parent
STYLE: Final = TEMPLATES / "internal.css"
