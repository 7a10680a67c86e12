"""The maintenance menu a new dealership starts with; each changes it to what its makes prescribe."""

from dataclasses import dataclass

from customers.logic.op_codes import StandardService


@dataclass(frozen=True, slots=True)
class MenuItem:
    """A service and how often it is due: in miles, months or both, whichever comes first."""

    code: StandardService
    name: str
    name_es: str
    interval_miles: int | None
    interval_months: int | None


_S = StandardService
# Common intervals of owners' manuals under ordinary use; a start, not a prescription. Brakes, battery, tires and wipers
# wear by use: the figures are when most are worn, so that a reminder offers a check.
STANDARD_MENU: tuple[MenuItem, ...] = (
    MenuItem(_S.OIL_CHANGE, "Oil and filter change", "Cambio de aceite y filtro", 5_000, 6),
    MenuItem(_S.STATE_INSPECTION, "State inspection", "Inspección estatal", None, 12),
    MenuItem(_S.TIRE_ROTATION, "Tire rotation", "Rotación de llantas", 7_500, 12),
    MenuItem(_S.BRAKES, "Brake service", "Servicio de frenos", 40_000, 48),
    MenuItem(_S.BRAKE_FLUID, "Brake fluid", "Líquido de frenos", 30_000, 36),
    MenuItem(_S.ENGINE_AIR_FILTER, "Engine air filter", "Filtro de aire del motor", 20_000, 24),
    MenuItem(_S.CABIN_AIR_FILTER, "Cabin air filter", "Filtro de aire de la cabina", 15_000, 12),
    MenuItem(_S.COOLANT, "Coolant", "Refrigerante", 60_000, 60),
    MenuItem(_S.TRANSMISSION_FLUID, "Transmission fluid", "Aceite de la transmisión", 60_000, 60),
    MenuItem(_S.SPARK_PLUGS, "Spark plugs", "Bujías", 90_000, 96),
    MenuItem(_S.ALIGNMENT, "Wheel alignment", "Alineación", 25_000, 24),
    MenuItem(_S.BATTERY, "Battery", "Batería", None, 48),
    MenuItem(_S.WIPER_BLADES, "Wiper blades", "Plumas limpiaparabrisas", None, 12),
    MenuItem(_S.TIRES, "Tires", "Llantas", 50_000, 60),
    MenuItem(_S.FUEL_FILTER, "Fuel filter", "Filtro de combustible", 30_000, 36),
    MenuItem(_S.TIMING_BELT, "Timing belt", "Correa de distribución", 90_000, 84),
)
