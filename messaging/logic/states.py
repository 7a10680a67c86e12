"""How far a message has come: states have a rank, and news of a lower rank changes nothing."""

from __future__ import annotations

from messaging.enums import MessageState

RANK: dict[str, int] = {
    MessageState.QUEUED: 0,
    MessageState.SENDING: 1,
    MessageState.UNCONFIRMED: 2,
    MessageState.ACCEPTED: 3,
    MessageState.DELIVERED: 4,
    MessageState.FAILED: 5,  # above delivered: an e-mail can bounce after it was delivered
    MessageState.CANCELLED: 9,
}
NEWS_FROM_PROVIDER = frozenset({MessageState.ACCEPTED, MessageState.DELIVERED, MessageState.FAILED})


def advances(current: str, news: str) -> bool:
    """Whether news from a provider moves a message on; it never moves back, and never out of cancelled.

    raises: ValueError for news no provider can bring
    """
    if news not in NEWS_FROM_PROVIDER:
        raise ValueError(news)
    return RANK[news] > RANK[current]


def states_before(news: str) -> list[str]:
    """Every state which that news moves on, for a filtered update."""
    return [state for state in RANK if advances(state, news)]
