"""Reads: every SELECT that is more than get-by-id. Values out; nothing is written here.

May import ``models``, ``rules`` and ``kit``.
"""
