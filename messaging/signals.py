"""What messaging tells the apps above it. All are sent inside the tenant's scope and transaction."""

from django.dispatch import Signal

message_settled = Signal()
"""A message reached a state it will not leave by itself: `dealership_id: int`, `message_id: int`,
`state: str`, `is_permanent: bool` (a failure that the same address would repeat)."""

reply_received = Signal()
"""A customer answered, and it is no opt-out: `dealership_id: int`, `inbound_message_id: int`."""

consent_withdrawn = Signal()
"""A customer withdrew: `dealership_id: int`, `customer_id: int`, `channel: str | None` (None: all),
`purpose: str | None` (None: all)."""
