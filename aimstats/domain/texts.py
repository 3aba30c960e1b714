"""Marks texts that are shown in the reader's language: the core says them in English, whoever draws them translates them."""

from __future__ import annotations


def N_(text: str) -> str:  # noqa: N802  # the name by which gettext's tools find what is to be translated
    """The text as it is; to be translated where it is drawn.

    >>> N_("Context")
    'Context'
    """
    return text


def NN_(one: str, many: str) -> tuple[str, str]:  # noqa: N802
    """The two forms of a text with a number, as they are.

    >>> NN_("%(number)s page", "%(number)s pages")
    ('%(number)s page', '%(number)s pages')
    """
    return one, many
