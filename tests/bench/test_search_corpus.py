"""The texts of the search benchmark: the same for everybody, and with what is planted in them as often as it should."""

from archive.bench.search.corpus import DAYS, END, OWN_NUMBERS, START, Corpus
from archive.bench.search.questions import KINDS, questions
from archive.bench.search.spelling import apart
from archive.bench.search.vocabulary import MISSPELLED, PLANTED
from archive.core.clock import from_micros
from archive.search.index import IndexedText

CORPUS = Corpus(6_000, seed=3)
TEXTS = [text for batch in CORPUS.batches() for text in batch]


def _share(words: str) -> float:
    return sum(f" {words} " in f" {text.text.lower()} " for text in TEXTS) / len(TEXTS)


def test_the_same_seed_makes_the_same_texts_and_questions() -> None:
    again = Corpus(6_000, seed=3)
    assert [text for batch in again.batches() for text in batch] == TEXTS
    assert questions(again) == questions(CORPUS)


def test_another_seed_makes_others() -> None:
    other = Corpus(6_000, seed=4)
    assert other.make(1, 4_000)[0].text != TEXTS[0].text
    assert questions(other) != questions(CORPUS)


def test_a_stretch_can_be_made_without_those_before_it() -> None:
    assert Corpus(6_000, seed=3).make(4_001, 2_000) == TEXTS[4_000:]


def test_serials_and_moments_rise_over_all_the_days() -> None:
    assert [text.serial for text in TEXTS] == list(range(1, 6_001))
    moments = [text.at for text in TEXTS]
    assert moments == sorted(moments)
    assert START <= from_micros(moments[0]) < from_micros(moments[-1]) < END
    assert len({at // 86_400_000_000 for at in moments}) == DAYS


def test_more_texts_follow_the_last_one() -> None:
    more = CORPUS.make(6_001, 1_000)
    assert more[0].serial == 6_001
    assert more[0].at >= TEXTS[-1].at


def test_a_text_is_between_two_parties_and_goes_with_its_month() -> None:
    def fits(text: IndexedText) -> bool:
        ends = {text.sender, *text.recipients}
        return ends == {text.own_number, *text.others} and len(ends) == 2

    assert all(map(fits, TEXTS))
    assert {text.own_number for text in TEXTS} == set(OWN_NUMBERS)
    assert len({text.period for text in TEXTS}) == 14


def test_planted_words_are_as_frequent_as_they_should_be() -> None:
    measured = {words: _share(words) for words, share in PLANTED if share >= 0.01}
    expected = {words: share for words, share in PLANTED if share >= 0.01}
    assert all(0.7 * expected[words] < share < 1.3 * expected[words] for words, share in measured.items()), measured


def test_texts_are_of_the_length_of_texts() -> None:
    assert 90 < sum(len(text.text) for text in TEXTS) / len(TEXTS) < 110
    assert any(not text.text.isascii() for text in TEXTS)


def test_only_planted_words_are_close_to_what_is_asked_fuzzily() -> None:
    """Or engines that don't hold on to the first letter, as ours does, would rightly find something else."""
    planted = {word for words, _ in PLANTED for word in words.split()}
    for asked in MISSPELLED:
        # A single change leaves three letters at the beginning or at the end as they were.
        likely = [word for word in CORPUS.words if word.startswith(asked[:3]) or word.endswith(asked[-3:])]
        assert [word for word in likely if word not in planted and apart(word, asked) <= 1] == []


def test_every_class_is_asked() -> None:
    kinds = [question.kind for question in questions(CORPUS)]
    assert set(kinds) == set(KINDS)
    assert all(kinds.count(kind) >= 3 for kind in KINDS if kind != "everything")
