"""Pages and the API. Never imports ``flows``, ``tasks``, Prefect or APScheduler."""
