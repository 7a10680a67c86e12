from campaigns.models.cadence import Cadence, CadenceVersion, Step, StepTemplate
from campaigns.models.enrolment import Enrolment, EnrolmentItem, Outcome, Touch
from campaigns.models.pause import Pause

__all__ = [
    "Cadence",
    "CadenceVersion",
    "Enrolment",
    "EnrolmentItem",
    "Outcome",
    "Pause",
    "Step",
    "StepTemplate",
    "Touch",
]
