"""The example centre: invented people, and a whole round of theirs. Makes things only through ``actions``."""
