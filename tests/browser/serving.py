"""The archive under the product's own server, in a process of its own; run as `python serving.py`.

The system chooses the port, and the process writes the address as soon as it listens: nobody has to wait or to guess.
"""

from typing import Any

from archive.serving import Server, server_options


def announce(arbiter: Any) -> None:
    print(f"http://127.0.0.1:{arbiter.LISTENERS[0].getsockname()[1]}", flush=True)


if __name__ == "__main__":
    Server(server_options("127.0.0.1", 0, 1) | {"when_ready": announce}).run()
