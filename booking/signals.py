from django.dispatch import Signal

appointment_changed = Signal()
"""An appointment was booked, moved or changed its status: `dealership_id: int`, `appointment_id: int`,
`status: str`, `actor_id: int | None` (the advisor who did it; None: the customer themselves or an import). Sent inside
the tenant's scope and transaction."""
