"""Chance without surprises: the same few examples in every run, and no time limit on a busy machine."""

from hypothesis import settings

settings.register_profile("the same every time", derandomize=True, deadline=None, max_examples=60)
settings.load_profile("the same every time")
