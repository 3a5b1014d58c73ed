"""Chance without surprises: the same examples in every run, and no time limit on a busy machine."""

from hypothesis import settings

settings.register_profile("the same every time", derandomize=True, deadline=None)
settings.load_profile("the same every time")
