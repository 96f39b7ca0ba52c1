"""`python -m archive.bench.trivial PORT`: the trivial application under the server options of `serve`."""

import sys
from typing import Any

from archive.bench.servers import trivial_app
from archive.serving import Server, server_options


class TrivialServer(Server):
    def load(self) -> Any:
        return trivial_app()


if __name__ == "__main__":
    TrivialServer(server_options("127.0.0.1", int(sys.argv[1]), 1)).run()
