from dealerships.models.dealership import DealerGroup, Dealership
from dealerships.models.hours import ClosedDay, OpeningHours
from dealerships.models.log_entry import LogEntry
from dealerships.models.membership import Membership
from dealerships.models.user import User

__all__ = ["ClosedDay", "DealerGroup", "Dealership", "LogEntry", "Membership", "OpeningHours", "User"]
