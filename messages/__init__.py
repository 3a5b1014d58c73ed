"""Decided values → mail and chat: ``letters`` writes them, one transport each sends them.

Imports ``rules`` and ``kit``, never the database. A transport raises ``RefusedError`` where no other try can help, and
``OSError`` (of which every trouble with a network or a server is one) where a later try may.
"""
