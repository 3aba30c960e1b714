"""Near names for what no model has."""

from aimstats.identity import CandidateIndex

_KNOWN = [
    ("claude-sonnet-4-5", "anthropic/claude-sonnet-4.5"),
    ("claude-sonnet-4.5", "anthropic/claude-sonnet-4.5"),
    ("claude-opus-4.5", "anthropic/claude-opus-4.5"),
    ("gpt-4o", "openai/gpt-4o"),
    ("gpt-4o-mini", "openai/gpt-4o-mini"),
    ("llama-3.1-8b-instruct", "meta/llama-3.1-8b-instruct"),
]


def test_the_likest_alias_comes_first_and_each_model_once() -> None:
    found = CandidateIndex(_KNOWN).search("claude-sonet-4.5")
    assert found[0][0] == "anthropic/claude-sonnet-4.5"
    assert len({model for model, _ in found}) == len(found)
    assert [score for _, score in found] == sorted((score for _, score in found), reverse=True)


def test_an_equal_alias_scores_one_in_any_spelling() -> None:
    assert CandidateIndex(_KNOWN).search("OpenAI/GPT 4o")[0] == ("openai/gpt-4o", 1.0)


def test_what_shares_nothing_has_no_candidates() -> None:
    index = CandidateIndex(_KNOWN)
    assert index.search("zzzzqqqq") == []
    assert index.search("") == []
    assert CandidateIndex([]).search("gpt-4o") == []


def test_limit_is_kept() -> None:
    assert len(CandidateIndex(_KNOWN).search("gpt-4o-mini", limit=1)) == 1


def test_a_name_that_many_share_is_still_found_among_many() -> None:
    many = [(f"common-model-{number}", f"lab/common-model-{number}") for number in range(2_000)]
    assert CandidateIndex([*many, *_KNOWN]).search("common-model-1234")[0] == ("lab/common-model-1234", 1.0)
