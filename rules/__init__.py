"""The law: screening, seats, scoring, ranking, stages, deadlines, working days.

Pure: values in, value out. Imports nothing but the standard library and its own room. Time and data are
arguments, never fetched. Scores are ``Fraction`` or ``Decimal``, never a float.
"""
