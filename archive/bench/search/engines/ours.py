"""Our own index, through the port: texts come in the commits of the follower, questions as a person types them."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from archive.bench.search.corpus import END
from archive.bench.search.questions import PAGE, Question
from archive.core.actor import OPERATOR
from archive.search.index import IndexedText
from archive.search.query.parse import parse
from archive.search.resolve import resolve
from archive.setting_up import prepare, set_up_organisation
from archive.settings import read_settings
from archive.wiring import Archive, build


def open_archive(data: Path) -> Archive:
    """The archive in the folder, made if there is none, on the corpus's last day."""
    settings = read_settings({"TEXTARCHIVE_DATA": str(data)})
    prepare(settings)
    return build(settings, clock=lambda: END)


class Ours:
    name = "ours"

    def __init__(self, folder: Path) -> None:
        self.archive = open_archive(folder)
        self.files = self.archive.settings.index
        self.org_id = set_up_organisation(self.archive, "Bench", "bench@example.com").row.id

    def shape(self, texts: Sequence[IndexedText]) -> Sequence[IndexedText]:
        return texts

    def add(self, shaped: Any) -> None:
        self.archive.index.add(self.org_id, shaped, shaped[-1].serial)

    def finish(self) -> None:
        """Each commit was one."""

    def close(self) -> None:
        self.archive.engine.dispose()

    def page(self, question: Question) -> Callable[[], list[int]]:
        index, org_id, plan = self.archive.index, self.org_id, self._plan(question)
        return lambda: [serial for serial, _ in index.page(org_id, plan, PAGE).hits]

    def count(self, question: Question) -> Callable[[], int]:
        index, org_id, plan = self.archive.index, self.org_id, self._plan(question)
        return lambda: index.count(org_id, plan)

    def _plan(self, question: Question) -> Any:
        with self.archive.transactions.read(self.org_id, OPERATOR) as tx:
            return resolve(tx, parse(question.line))
