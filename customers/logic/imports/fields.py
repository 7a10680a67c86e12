"""The fields an import knows, and the column names under which dealers' systems export them."""

import hashlib
import re
from dataclasses import dataclass
from enum import StrEnum


class Part(StrEnum):
    """What a column tells about."""

    CUSTOMER = "customer"
    VEHICLE = "vehicle"
    VISIT = "visit"


class Shape(StrEnum):
    """What a column's values look like; decides what is examined over the whole column."""

    TEXT = "text"
    DATE = "date"
    NUMBER = "number"
    MONEY = "money"
    FLAG = "flag"


@dataclass(frozen=True, slots=True)
class Field:
    """One thing an import can read; `names` are column headers, compared without case, blanks, punctuation."""

    key: str
    words: str
    part: Part
    shape: Shape
    names: str

    @property
    def known_headers(self) -> frozenset[str]:
        return frozenset(header_key(name) for name in self.names.split()) | {header_key(self.key)}


def header_key(header: str) -> str:
    """Return a column's name as it is compared: letters and digits only, in lower case."""
    return re.sub(r"[^a-z0-9]", "", header.lower())


_C, _V, _R = Part.CUSTOMER, Part.VEHICLE, Part.VISIT
_T, _D, _N, _M, _F = Shape.TEXT, Shape.DATE, Shape.NUMBER, Shape.MONEY, Shape.FLAG

# Names of CDK, Dealertrack, Reynolds ERA, Tekmetric and of the CSV files dealers make by hand.
FIELDS: tuple[Field, ...] = (
    Field("customer_number", "Customer number", _C, _T, "CustNo CustomerNumber CustomerNo CustNum CustomerId CustId CustomerKey ClientId AccountNumber OwnerNumber OwnerNo"),
    Field("customer_name", "Customer name (whole)", _C, _T, "CustName CustomerName Name FullName Name1 Customer Owner OwnerName ClientName"),
    Field("first_name", "First name", _C, _T, "FirstName First FName GivenName CustFirstName CustomerFirstName OwnerFirstName"),
    Field("last_name", "Last name", _C, _T, "LastName Last LName Surname FamilyName CustLastName CustomerLastName OwnerLastName"),
    Field("company_name", "Company", _C, _T, "Company CompanyName BusinessName Business Organization"),
    Field("mobile_phone", "Mobile phone", _C, _T, "Mobile MobilePhone CellPhone Cell Cellular CellNumber MobileNumber PhoneCell PhoneMobile CellularPhone"),
    Field("phone", "Phone", _C, _T, "Phone PhoneNumber Telephone Tel PrimaryPhone ContactPhone ContactPhoneNumber Phone1 MainPhone CustPhone CustomerPhone"),
    Field("home_phone", "Home phone", _C, _T, "HomePhone PhoneHome HomeTelephone Phone2 HomePhoneNumber EveningPhone"),
    Field("work_phone", "Work phone", _C, _T, "WorkPhone BusinessPhone PhoneWork Phone3 WorkTelephone BusPhone WorkPhoneNumber DayPhone"),
    Field("email", "E-mail", _C, _T, "Email EmailAddress E-mail Mail Email1 ContactEmailAddress PrimaryEmail CustEmail CustomerEmail EMailAddr"),
    Field("email_2", "Second e-mail", _C, _T, "Email2 SecondaryEmail WorkEmail AlternateEmail EmailAddress2"),
    Field("street", "Street", _C, _T, "Address Address1 Street StreetAddress AddressLine1 Addr Addr1 MailingAddress Street1 CustAddress"),
    Field("street_2", "Street, second line", _C, _T, "Address2 Street2 AddressLine2 Addr2 Apt Suite"),
    Field("city", "City", _C, _T, "City Town CustCity"),
    Field("region", "State", _C, _T, "State Province Region St StateProvince StateCode County CustState"),
    Field("postal_code", "ZIP code", _C, _T, "Zip ZipCode PostalCode Postcode Postal ZipPostal CustZip PLZ"),
    Field("city_region_postal", "City, state and ZIP in one", _C, _T, "CityStateZip CityStZip CSZ"),
    Field("country", "Country", _C, _T, "Country CountryCode"),
    Field("language", "Language", _C, _T, "Language PreferredLanguage Lang LanguageCode"),
    Field("block_automated", "Block automated messages", _C, _F, "BlockAutoMsg BlockAutomatedMessages BlockAuto DoNotContact DNC OptOut OptedOut NoContact BlockMessages"),
    Field("block_email", "Block e-mail", _C, _F, "BlockEmail DoNotEmail EmailOptOut NoEmail"),
    Field("block_phone", "Block calls and texts", _C, _F, "BlockPhone DoNotCall PhoneOptOut NoPhone NoCalls"),
    Field("block_text", "Block texts", _C, _F, "BlockText DoNotText TextOptOut SMSOptOut NoText DoNotSMS"),
    Field("block_letter", "Block letters", _C, _F, "BlockMail DoNotMail MailOptOut NoMail"),
    Field("allow_email", "E-mail allowed", _C, _F, "AllowContactByEmail AllowEmail EmailAllowed"),
    Field("allow_phone", "Calls and texts allowed", _C, _F, "AllowContactByPhone AllowPhone AllowCalls PhoneAllowed"),
    Field("allow_text", "Texts allowed", _C, _F, "AllowContactByText AllowContactBySMS AllowText AllowSMS TextAllowed OkToText"),
    Field("allow_letter", "Letters allowed", _C, _F, "AllowContactByPostal AllowContactByMail AllowMail AllowPostal MailAllowed"),
    Field("vin", "VIN", _V, _T, "VIN VINNumber VINNo VehicleIdentificationNumber ChassisNumber SerialNumber FullVIN Chassis"),
    Field("vehicle_number", "Vehicle number", _V, _T, "VehID VehicleId VehicleNumber VehicleNo StockNumber UnitNumber VehicleKey StockNo"),
    Field("year", "Year", _V, _N, "Year ModelYear VehicleYear Yr VehYear MY"),
    Field("make", "Make", _V, _T, "Make MakeDesc VehicleMake CarlineDesc VehMake Brand Manufacturer MakeName"),
    Field("model", "Model", _V, _T, "Model ModelDesc VehicleModel VehModel ModelName Carline"),
    Field("plate", "Licence plate", _V, _T, "LicensePlate Plate LicenseNumber License LicencePlate PlateNumber Registration Reg Tag LicensePlateNumber"),
    Field("odometer_unit", "Odometer unit", _V, _T, "OdometerUnit MileageUnit DistanceUnit OdometerUnits MileageUnits"),
    Field("owned_since_on", "Owned since", _V, _D, "OwnedSince DateInService InServiceDate DeliveryDate PurchaseDate SoldDate SaleDate"),
    Field("ro_number", "Repair order number", _R, _T, "RONumber RoNo RO RepairOrder RepairOrderNumber RepairOrderNo RONum InvoiceNumber InvoiceNo WorkOrder WorkOrderNumber WONumber JobCard"),
    Field("opened_on", "Opened on", _R, _D, "OpenDate RoCreateDate ROOpenDate OpenedDate DateOpened RODate ServiceDate DateIn CreatedDate CreateDate Date VisitDate OpenedOn WriteUpDate AppointmentDateTime RepairOrderDate"),
    Field("closed_on", "Closed on", _R, _D, "CloseDate ClosedDate ROCloseDate DateClosed PostedDate InvoiceDate CustInvoiceDate FinalPostDate CompletedDate DateOut ClosedOn"),
    Field("voided_on", "Voided on", _R, _D, "VoidedDate VoidDate VoidedOn"),
    Field("mileage_in", "Odometer in", _R, _N, "MileageIn Mileage Odometer OdometerIn MilesIn Miles OdometerReading KM Kilometers Kilometres KmIn VehicleMileage CurrentMileage"),
    Field("mileage_out", "Odometer out", _R, _N, "MileageOut OdometerOut MilesOut KmOut"),
    Field("advisor", "Service advisor", _R, _T, "ServiceAdvisor Advisor AdvName AdvisorName ServiceWriter Writer SA"),
    Field("line_number", "Line number", _R, _T, "LineNumber Line LineNo lbrLineCode linLineCode JobNo JobNumber LineCode"),
    Field("op_code", "Op code", _R, _T, "OpCode lbrOpCode LaborOpCode OperationCode LaborOp OpCodes Operation LaborCode ServiceCode JobCode"),
    Field("op_description", "Work done", _R, _T, "OpDescription OpCodeDesc lbrOpCodeDesc OperationDescription OpDesc LaborDescription Description JobName ServiceDescription LaborOpDescription WorkDescription linServiceRequest Service ServicePerformed JobDescription"),
    Field("performed", "Done (Y) or declined (N)", _R, _F, "Performed RecSvcPerformFlag Authorized Approved Accepted IsPerformed Completed"),
    Field("declined", "Declined (Y)", _R, _F, "Declined IsDeclined DeclinedFlag Refused"),
    Field("amount", "Amount of the line", _R, _M, "Amount LineAmount LineTotal lbrSale LaborSale TotalAmt Sale LineSale LaborAmount Price"),
    Field("pay_type", "Who pays (customer, warranty, internal)", _R, _T, "PayType lbrLaborType LaborType totPayType PaymentType LaborPayType"),
    Field("customer_total", "Customer pay total", _R, _M, "CustRoTotalAmt CustomerPay CustomerTotal CustPayTotal CustomerPayTotal CPTotal"),
    Field("warranty_total", "Warranty pay total", _R, _M, "WarrRoTotalAmt WarrantyPay WarrantyTotal WarrantyPayTotal WPTotal"),
    Field("internal_total", "Internal pay total", _R, _M, "IntrRoTotalAmt InternalPay InternalTotal InternalPayTotal IPTotal"),
    Field("visit_total", "Total", _R, _M, "Total TotalSales ROTotal totRoSale TotalAmount GrandTotal InvoiceTotal ROAmount"),
)  # fmt: skip

FIELD_BY_KEY = {field.key: field for field in FIELDS}
# Columns an error file adds; a corrected error file is imported as it is, so they are never data.
ERROR_HEADERS = ("Error file", "Error line", "Error column", "Error value", "Error reason", "What to do")
_ERROR_KEYS = frozenset(header_key(header) for header in ERROR_HEADERS)
_KEY_OF_HEADER = {header: field.key for field in reversed(FIELDS) for header in field.known_headers}


# Any of these beside a VIN is enough to add a vehicle: whose it is, or what it is.
_MAKES_A_VEHICLE = frozenset(
    {
        "year",
        "make",
        "model",
        "plate",
        "owned_since_on",
        "customer_number",
        "customer_name",
        "last_name",
        "company_name",
    }
)


def guess_mapping(headers: tuple[str, ...]) -> dict[str, str]:
    """Which field each column holds, as far as its name tells: column header -> field key.

    Each field is given once: of two columns of one meaning ("Close Date", "Posted Date") the one whose name
    stands first in the field's list wins. Columns of an error file are left out.
    """
    ranked = sorted(
        (_rank(header), index) for index, header in enumerate(headers) if _rank(header) is not None
    )
    taken: set[str] = set()
    guess: dict[str, str] = {}
    for _, index in ranked:
        key = _KEY_OF_HEADER[header_key(headers[index])]
        if key not in taken:
            taken.add(key)
            guess[headers[index]] = key
    return {header: guess[header] for header in headers if header in guess}


def fingerprint(headers: tuple[str, ...]) -> str:
    """Return the same for all files of one shape: their column names, in any order, without an error file's additions."""
    names = "|".join(sorted({header_key(header) for header in headers} - _ERROR_KEYS - {""}))
    return hashlib.blake2b(names.encode(), digest_size=16).hexdigest()


def parts_of(mapping: dict[str, str]) -> frozenset[Part]:
    """Return what a file with these fields holds: customers, vehicles, repair orders, or several in each row.

    A customer number alone in a file of vehicles or repair orders only refers to the customer; with a VIN it is
    enough to add a vehicle that is not known yet.
    """
    fields = set(mapping.values())
    parts = set()
    if {"ro_number", "opened_on"} <= fields or {"ro_number", "closed_on"} <= fields:
        parts.add(Part.VISIT)
    if fields & {"vin", "vehicle_number"} and fields & _MAKES_A_VEHICLE:
        parts.add(Part.VEHICLE)
    if fields & {"customer_name", "first_name", "last_name", "company_name"}:
        parts.add(Part.CUSTOMER)
    return frozenset(parts)


def _rank(header: str) -> int | None:
    """How well a header names its field: the position in the list of names; None for an unknown header."""
    known = header_key(header)
    if known in _ERROR_KEYS or known not in _KEY_OF_HEADER:
        return None
    names = [header_key(name) for name in FIELD_BY_KEY[_KEY_OF_HEADER[known]].names.split()]
    return names.index(known) if known in names else 0
