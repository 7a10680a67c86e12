"""Words that made-up people, streets and cars are composed of; the family names are no real ones."""

from __future__ import annotations

FIRST_NAMES = {
    "en": (
        "Avery", "Blake", "Casey", "Dana", "Ellis", "Frances", "Grant", "Harper", "Ivan", "June", "Kendall", "Lane",
        "Morgan", "Nora", "Owen", "Parker", "Quinn", "Robin", "Sage", "Tessa", "Uma", "Vince", "Wren", "Yara",
        "Zach", "Alma", "Boyd", "Cora", "Dean", "Edith", "Floyd", "Greta", "Hugh", "Iris", "Joel", "Kay", "Leo",
        "Mabel", "Ned", "Opal", "Priya", "Ravi", "Mei", "Tariq", "Amara", "Kofi", "Linh", "Sven",
    ),
    "es": (
        "Marisol", "Joaquin", "Lucia", "Mateo", "Ximena", "Rafael", "Paloma", "Diego", "Ines", "Tomas", "Alma",
        "Emilio", "Rosa", "Hector", "Elena", "Andres",
    ),
}  # fmt: skip
FAMILY_STARTS = {
    "en": ("Ash", "Birch", "Cedar", "Elder", "Fern", "Hazel", "Juniper", "Laurel", "Maple", "Oak", "Pine", "Rowan",
           "Sedge", "Thorn", "Willow", "Amber", "Bright", "Clear", "Copper", "Silver", "Stone", "Winter"),
    "es": ("Monte", "Rio", "Sol", "Campo", "Valle", "Luna", "Mar", "Flor"),
}  # fmt: skip
FAMILY_ENDS = {
    "en": ("brook", "combe", "croft", "dale", "field", "ford", "gate", "hollow", "lea", "mere", "ridge", "stead",
           "vale", "water", "wick", "wood"),
    "es": ("alto", "claro", "verde", "nuevo", "real", "bravo", "lindo"),
}  # fmt: skip
STREETS = ("Live Oak St", "Cedar Creek Dr", "Mesa Verde Ln", "Juniper Trl", "Quarry Rd", "Lakeline Blvd", "Prairie Ave",
           "Cottonwood Ct", "Sunset Ridge Dr", "Mill Pond Way")  # fmt: skip
COMPANIES = ("Juniper Plumbing LLC", "Stonegate Landscaping Inc", "Cedar Creek Bakery", "Brightwater Pools LLC",
             "Copper Kettle Catering", "Willow Street Florists")  # fmt: skip
FLEET = "Maplewood Courier Service Inc"

# Make, models and the first letters of their VINs.
CARS = (
    ("Honda", ("Civic", "Accord", "CR-V", "Odyssey"), "1HG"),
    ("Toyota", ("Camry", "RAV4", "Tacoma", "Corolla"), "4T1"),
    ("Ford", ("F-150", "Escape", "Fusion", "Explorer"), "1FA"),
    ("Chevrolet", ("Silverado", "Equinox", "Malibu"), "1G1"),
    ("Hyundai", ("Elantra", "Tucson", "Sonata"), "5NP"),
    ("Subaru", ("Outback", "Forester", "Crosstrek"), "4S3"),
    ("Nissan", ("Altima", "Rogue", "Sentra"), "1N4"),
)
ADVISORS = ("Ari Advisor", "Sam Serviceton", "Lee Laneford")
