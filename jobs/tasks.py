"""Which sources each of a job's parallel tasks crawls: those that share a host go to one task, so that one alone asks a host."""

from __future__ import annotations

from collections.abc import Mapping

from scrapy_project.base import SourceSpider


def share(classes: Mapping[str, type[SourceSpider]], index: int, count: int) -> list[str]:
    """The sources of task `index` of `count`, by id; every task that is given the same classes splits them alike.

    The largest groups are given first, each to the task that has the fewest sources by then.
    """
    tasks: list[list[str]] = [[] for _ in range(count)]
    for group in sorted(_groups(classes), key=lambda group: (-len(group), group)):
        min(tasks, key=len).extend(group)
    return sorted(tasks[index])


def _groups(classes: Mapping[str, type[SourceSpider]]) -> list[list[str]]:
    """The sources that ask a host in common, directly or through others between them."""
    groups: list[tuple[set[str], list[str]]] = []
    for id_, cls in sorted(classes.items()):
        hosts, members = set(cls.hosts()), [id_]
        apart = []
        for group in groups:
            if group[0].isdisjoint(hosts):
                apart.append(group)
            else:
                hosts |= group[0]
                members += group[1]
        groups = [*apart, (hosts, sorted(members))]
    return [members for _, members in groups]
