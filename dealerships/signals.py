from django.dispatch import Signal

dealership_created = Signal()
"""A dealership was created. Sent inside its scope and transaction with `dealership_id: int`."""
