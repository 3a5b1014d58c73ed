"""Charts as SVG that Jinja macros draw: ``charts.html`` draws what ``radar`` and ``places`` have measured out.

The same picture in a page and in a PDF, and the same bytes for the same values.
"""

from pathlib import Path
from typing import Final

TEMPLATES: Final = Path(__file__).parent
