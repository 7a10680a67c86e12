from customers.models.customer import ContactPoint, Customer, SearchToken
from customers.models.service import Forecast, OpCode, Service
from customers.models.vehicle import OdometerReading, Ownership, Vehicle, car_name
from customers.models.visit import Visit, VisitLine
from customers.models.visit_import import ColumnMapping, ImportChange, ImportFile, ImportIssue, VisitImport

__all__ = [
    "ColumnMapping",
    "ContactPoint",
    "Customer",
    "Forecast",
    "ImportChange",
    "ImportFile",
    "ImportIssue",
    "OdometerReading",
    "OpCode",
    "Ownership",
    "SearchToken",
    "Service",
    "Vehicle",
    "Visit",
    "VisitImport",
    "VisitLine",
    "car_name",
]
