"""Everything that goes out: decided values become PDF, XLSX, CSV, JSON, bundles.

Views are frozen plain values; templates lie beside the code. Imports ``rules`` and ``kit``, never the database.
"""
