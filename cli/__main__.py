"""``python -m cli`` is ``jingpin``."""

from cli.app import main

main()
