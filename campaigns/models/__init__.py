from campaigns.models.cadence import Cadence, CadenceVersion, Step, StepTemplate
from campaigns.models.enrolment import Enrolment, EnrolmentItem, Outcome, Touch

__all__ = [
    "Cadence",
    "CadenceVersion",
    "Enrolment",
    "EnrolmentItem",
    "Outcome",
    "Step",
    "StepTemplate",
    "Touch",
]
