"""Prefect flows: the course of a round, read like an agenda. Import only ``tasks`` and types of ``rules``."""
