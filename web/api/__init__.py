"""The API under ``/api/v1``: JSON for programs, by token only; the same queries and actions as the pages."""
