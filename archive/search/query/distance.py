"""How far two words are apart, for `colour~`."""


def is_close(term: str, word: str, distance: int) -> bool:
    """Whether a folded term is what a fuzzy word (folded as well) may mean.

    Both begin with the same letter, and at most `distance` letters are put in, left out, changed, or
    swapped with their neighbour (optimal string alignment). The first letter is fixed so that the
    vocabulary can be looked through by it.
    """
    if term[:1] != word[:1] or abs(len(term) - len(word)) > distance:
        return False
    return term == word or _apart(term, word, distance) <= distance


def _apart(one: str, other: str, enough: int) -> int:
    """The number of changes, or any number above `enough` as soon as it is known to be above."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, left in enumerate(one, start=1):
        before, above, row = row, before, [i]
        for j, right in enumerate(other, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (left != right))
            if above and j > 1 and left == other[j - 2] and one[i - 2] == right:
                cost = min(cost, above[j - 2] + 1)
            row.append(cost)
        if min(row) > enough and min(before) > enough:
            return enough + 1
    return row[-1]
