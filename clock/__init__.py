"""What happens when nobody clicks: deadlines, wakes, and Prefect itself, embedded. The only room that wakes Prefect.

Importing this room imports no Prefect: ``Conductor.start`` does, after its environment is set.
"""

from typing import Final

DRIVERS: Final = "conductor-"
"""How the names of the threads begin that drive rounds."""
