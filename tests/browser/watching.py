"""What no page may do, whatever is tested on it: fail in the console, break its policy, load from elsewhere."""

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, WebError

_LOUD = frozenset({"error", "warning"})
_REFUSED = "Failed to load resource: the server responded with a status of 4"


class Watch:
    """`faults` fills up with sentences. A page that is itself an error (404) is none."""

    def __init__(self, url: str) -> None:
        self.faults: list[str] = []
        self._url = url
        self._pages: set[str] = set()

    def over(self, context: BrowserContext) -> None:
        context.on("console", self._console)
        context.on("weberror", self._error)
        context.on("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        expected = message.text.startswith(_REFUSED) and message.location["url"] in self._pages
        if message.type in _LOUD and not expected:
            self.faults.append(f"console: {message.text} at {message.location['url']}")

    def _error(self, error: WebError) -> None:
        self.faults.append(f"script: {error.error.message}")

    def _request(self, request: Request) -> None:
        if request.is_navigation_request():
            self._pages.add(request.url)
        if not request.url.startswith((self._url + "/", "data:", "blob:")):
            self.faults.append(f"loaded from elsewhere: {request.url}")
