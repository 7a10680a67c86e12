"""What messaging tells the apps above it, by `services.telling`, in the tenant's scope.

Each receiver is told in a transaction of its own. One that fails undoes nothing of messaging's and is told again
later: it must bear to hear late, and after others.
"""

from common.named_signal import NamedSignal

message_settled = NamedSignal()
"""A message reached a state it will not leave by itself: `dealership_id: int`, `message_id: int`,
`state: str`, `is_permanent: bool` (a failure that the same address would repeat)."""

reply_received = NamedSignal()
"""A customer answered, and it is no opt-out: `dealership_id: int`, `inbound_message_id: int`."""

stop_has_more = NamedSignal()
"""A customer asked us to stop, which was carried out, and said something else as well, which a person has to read:
`dealership_id: int`, `inbound_message_id: int`."""

consent_withdrawn = NamedSignal()
"""A customer withdrew: `dealership_id: int`, `customer_id: int`, `channel: str | None` (None: all),
`purpose: str | None` (None: all)."""
