"""``python -m tests.bench.page_server ours|bare PORT``: serve the pages, or their floor, in a process of its own."""

import gc
import sys

import uvicorn
from fastapi import FastAPI

from tests.bench import bare
from web.app import make_app
from web.server import PageServer


def main() -> None:
    """Serve until told to stop."""
    which, port = sys.argv[1], int(sys.argv[2])
    if which == "ours":
        server: uvicorn.Server = PageServer(make_app(), told_to_stop=lambda: None)
        server.config.port = port
    else:
        gc.set_threshold(50_000)
        app: FastAPI = bare.make_app()
        server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning"))
    gc.freeze()
    server.run()


if __name__ == "__main__":
    main()
