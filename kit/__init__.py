"""Plumbing that knows no word of the trade: settings, languages, logging, fonts, PDF rendering.

Could a stranger publish the file as a library? Imports no other room.
"""
