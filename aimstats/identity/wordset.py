"""Word lists written as text, so that they stay readable and diff by line."""


def word_set(text: str) -> frozenset[str]:
    """The words of a text as a set.

    >>> sorted(word_set("free batch"))
    ['batch', 'free']
    """
    return frozenset(text.split())
