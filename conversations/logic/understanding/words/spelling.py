"""What typing errors are corrected into, and what is none."""

TARGETS = frozenset(
    """monday tuesday wednesday thursday friday saturday sunday tomorrow yesterday today tonight
    january february april august september october november december
    morning afternoon evening weekend midnight quarter
    miercoles viernes sabado domingo semana septiembre noviembre diciembre""".split()
)
# Slips that letters alone do not tell, or in words too short for it.
KNOWN_SLIPS = {
    "teusday": "tuesday", "tusday": "tuesday", "wensday": "wednesday", "wendsday": "wednesday", "wedsday": "wednesday",
    "weds": "wednesday", "thersday": "thursday", "moday": "monday", "mondy": "monday", "munday": "monday",
    "fridy": "friday", "firday": "friday", "sundy": "sunday", "suday": "sunday", "tomrow": "tomorrow",
    "tomorow": "tomorrow", "tommorow": "tomorrow", "tomarow": "tomorrow", "2morow": "tomorrow", "tomorrrow": "tomorrow", "toady": "today", "wk": "week",
    "nite": "night", "nitght": "night", "mrning": "morning", "moring": "morning", "mornig": "morning",
    "novemeber": "november", "setember": "september", "febuary": "february", "feburary": "february", "feb": "february",
    "manaña": "manana", "ma√±ana": "manana", "savado": "sabado", "biernes": "viernes", "juebes": "jueves",
    "lune": "lunes", "marte": "martes", "miercole": "miercoles",
}  # fmt: skip
# Words of their own that are one slip from a word of time.
COMMON = frozenset(
    """mourning warning moaning corning turning mornings evening evenings meaning weekends weekend weekday weekdays
    toady today's sundays sundae sunny quarters quarterly quartet moanday mundane midday fright bright
    augusta aprils auguste octane semanas semanal samana sabados domingos fridge frida fridays sunlight tonights
    evensong everning2""".split()
)
