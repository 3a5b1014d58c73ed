"""Everything that comes in: policy.yaml, spreadsheets, bundles, web forms.

Raw input → checked values of ``rules``, or a ``FormError`` with every fault at once. Knows no database: what is
already stored is handed in as arguments.
"""
