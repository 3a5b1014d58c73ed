"""The example centre: invented people and a whole round of theirs, from nothing but a seed.

``demo.centre`` puts it together, ``demo/bundle/`` is what it makes of the default seed, ``jingpin demo`` runs that
bundle through the same flow and actions as any round. May import the floors below; touches no database itself.
"""
