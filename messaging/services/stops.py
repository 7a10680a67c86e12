"""The last look before a request leaves: whether a message was told to stop since it was claimed."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from common.tenancy import cross_tenant

WANTED = """
SELECT id FROM messaging_message WHERE id = ANY(%s) AND state = 'sending' AND reason = ''
"""


def still_wanted(message_ids: Sequence[int]) -> frozenset[int]:
    """Those of the claimed messages that nobody has stopped."""
    with (
        cross_tenant(reason="the sender looks once more at messages of any dealership before they leave"),
        connection.cursor() as cursor,
    ):
        cursor.execute(WANTED, [list(message_ids)])
        return frozenset(row[0] for row in cursor.fetchall())
