from django.dispatch import Signal

enrolment_ended = Signal()
"""An enrolment ended: `dealership_id: int`, `enrolment_id: int`, `reason: str`."""
