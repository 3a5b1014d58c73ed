"""The verbs: the only code that writes.

Session first, then keyword-only; ``now`` and ``actor`` are arguments; never commits. Every act leaves a line in the
history, in the same transaction; one that concerns a round's course leaves a signal as well. May import ``queries``,
``models``, ``rules`` and ``kit``. What cannot be done raises ``RuleError`` and leaves everything as it was.
"""
