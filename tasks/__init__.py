"""Prefect tasks: one action or one paper each, with retries; harmless when repeated.

A task takes ids, opens the transaction, brings what ``forms`` read to what ``actions`` do, and hands decided values to
``reports``. May import everything below it.
"""
