"""What a plan is on one segment: lists and ranges that say which of its texts are found, a stretch at a time.

Reading a stretch is what makes the newest page quick: it is looked for in the last texts of a segment, then in more.
"""

from collections.abc import Sequence
from functools import reduce
from typing import Protocol

import numpy as np
import numpy.typing as npt

from archive.search.whoosh.sections import Numbers

Truths = npt.NDArray[np.bool_]

_FEW = 16
"""Where fewer than one in so many texts is found, sorting them is quicker than marking all."""


class Node(Protocol):
    """`most`: no more texts than these are found."""

    most: int

    def between(self, first: int, end: int) -> Numbers:
        """The numbers of the found texts from `first` to `end`, ascending."""

    def among(self, numbers: Numbers) -> Truths:
        """For each of these texts (ascending), whether it is found."""


class Range:
    """All texts from one number to another: dates, and everything."""

    def __init__(self, first: int, end: int) -> None:
        self.first, self.end = first, max(first, end)
        self.most = self.end - self.first

    def between(self, first: int, end: int) -> Numbers:
        first, end = max(first, self.first), min(end, self.end)
        return np.arange(first, max(first, end), dtype=np.uint32)

    def among(self, numbers: Numbers) -> Truths:
        return np.asarray((numbers >= self.first) & (numbers < self.end))


class Ascending:
    """The list of one term."""

    def __init__(self, texts: Numbers) -> None:
        self.texts = texts
        self.most = len(texts)

    def between(self, first: int, end: int) -> Numbers:
        begin, stop = self.texts.searchsorted(np.array((first, end), np.uint32)).tolist()
        return self.texts[begin:stop]

    def among(self, numbers: Numbers) -> Truths:
        return contained(numbers, self.texts)


class Scattered:
    """The lists of many terms, one behind the other: a prefix, a fuzzy word."""

    def __init__(self, texts: Numbers, size: int) -> None:
        self.texts = texts
        self.most = min(len(texts), size)

    def between(self, first: int, end: int) -> Numbers:
        return np.flatnonzero(self._marked(first, end)).astype(np.uint32) + np.uint32(first)

    def among(self, numbers: Numbers) -> Truths:
        if not len(numbers):
            return np.zeros(0, np.bool_)
        first = int(numbers[0])
        return np.asarray(self._marked(first, int(numbers[-1]) + 1)[numbers - first])

    def _marked(self, first: int, end: int) -> Truths:
        marked = np.zeros(max(0, end - first), np.bool_)
        marked[self.texts[(self.texts >= first) & (self.texts < end)] - first] = True
        return marked


class Chosen:
    """Texts that were chosen one by one, by their serial numbers: these stand in no order. `wanted`: for each text."""

    def __init__(self, wanted: Truths) -> None:
        self._wanted = wanted
        self.most = int(np.count_nonzero(self._wanted))

    def between(self, first: int, end: int) -> Numbers:
        return np.flatnonzero(self._wanted[first:end]).astype(np.uint32) + np.uint32(first)

    def among(self, numbers: Numbers) -> Truths:
        return np.asarray(self._wanted[numbers])


class Other:
    """All texts but those of another node."""

    def __init__(self, node: Node, size: int) -> None:
        self.node = node
        self.most = size

    def between(self, first: int, end: int) -> Numbers:
        numbers = np.arange(first, end, dtype=np.uint32)
        return numbers[self.among(numbers)]

    def among(self, numbers: Numbers) -> Truths:
        return ~self.node.among(numbers)


class Any:
    """Texts of at least one node."""

    def __init__(self, nodes: Sequence[Node], size: int) -> None:
        self._nodes = nodes
        self.most = min(size, sum(node.most for node in nodes))

    def between(self, first: int, end: int) -> Numbers:
        found = np.concatenate([node.between(first, end) for node in self._nodes])
        if len(found) * _FEW < end - first:
            return np.unique(found)
        marked = np.zeros(end - first, np.bool_)
        marked[found - np.uint32(first)] = True
        return np.flatnonzero(marked).astype(np.uint32) + np.uint32(first)

    def among(self, numbers: Numbers) -> Truths:
        return reduce(np.logical_or, [node.among(numbers) for node in self._nodes], np.zeros(len(numbers), np.bool_))


class All:
    """Texts of every node: those of the rarest are looked up in the others."""

    def __init__(self, nodes: Sequence[Node]) -> None:
        self._nodes = sorted(nodes, key=_cost)
        self.most = min(node.most for node in nodes)

    def between(self, first: int, end: int) -> Numbers:
        for node in self._nodes:
            if isinstance(node, Range):
                first, end = max(first, node.first), min(end, node.end)
        if end <= first:
            return NONE.texts
        return self._left(self._nodes[0].between(first, end), self._nodes[1:])

    def among(self, numbers: Numbers) -> Truths:
        left = self._left(numbers, self._nodes)
        return contained(numbers, left)

    def _left(self, numbers: Numbers, nodes: Sequence[Node]) -> Numbers:
        for node in nodes:
            if not len(numbers):
                break
            numbers = numbers[node.among(numbers)]
        return numbers


NONE = Ascending(np.zeros(0, np.uint32))


def contained(numbers: Numbers, among: Numbers) -> Truths:
    """For each of `numbers` whether it is in `among`, which ascends."""
    if not len(among):
        return np.zeros(len(numbers), np.bool_)
    places = among.searchsorted(numbers)
    places[places == len(among)] = 0
    return np.asarray(among[places] == numbers)


def common(one: Numbers, other: Numbers) -> Numbers:
    """Numbers that are in both; both ascend."""
    few, many = (one, other) if len(one) <= len(other) else (other, one)
    return few[contained(few, many)]


def _cost(node: Node) -> int:
    return node.most
