"""Spanish words of days and times, without accents: word or phrase -> (kind, value). The rules are the English ones."""

from typing import Any

WEEKDAYS: dict[str, dict[str, Any]] = {
    "weekday": {
        "lunes": 0,
        "martes": 1,
        "miercoles mierc": 2,
        "jueves juev": 3,
        "viernes vier": 4,
        "sabado sabados sab": 5,
        "domingo domingos": 6,
    },
}
MONTHS: dict[str, dict[str, Any]] = {
    "month": {
        "enero ene": 1,
        "febrero": 2,
        "marzo": 3,
        "abril abr": 4,
        "mayo": 5,
        "junio": 6,
        "julio": 7,
        "agosto ago.": 8,
        "septiembre setiembre": 9,
        "octubre": 10,
        "noviembre": 11,
        "diciembre dic": 12,
    },
}
RELATIVE: dict[str, dict[str, Any]] = {
    "relative_day": {
        "hoy el-dia-de-hoy": 0,
        "manana el-dia-de-manana": 1,
        "pasado-manana": 2,
        "ayer": -1,
        "anteayer antes-de-ayer antier": -2,
        "anoche": -1,
    },
    "today_part": {"esta-noche": "tonight", "esta-tarde": "afternoon", "esta-manana": "morning"},
    "now": {"ahora ahorita ahora-mismo cuanto-antes": 0},
    "next": {"proximo proxima siguiente que-viene entrante": 0},
    "this": {"este esta estos estas": 0},
    "last": {"pasado pasada ultimo ultima anterior": 0},
    "each": {"cada todos-los todas-las": 0},
    "week": {"semana semanas": 7},
    "weekend": {"fin-de-semana fines-de-semana finde": 0},
    "day_unit": {"dia dias": 1},
    "month_unit": {"mes meses": 0},
    "year_unit": {"ano anos": 0},
    "hour_unit": {"hora horas": 60},
    "minute_unit": {"minuto minutos": 1},
    "early": {"principios-de a-principios-de inicio-de inicios-de comienzos-de a-principios-del": 0},
    "mid": {"mediados-de a-mediados-de mediados-del a-mediados-del": 0},
    "end_of": {"finales-de a-finales-de fin-de fines-de a-fines-de final-de": 0},
    "ago": {"hace atras": 0},
    "later": {"despues mas-tarde": 0},
    "in": {"dentro-de en": 0},
    "holiday": {"navidad": "christmas", "nochebuena": "christmas eve", "ano-nuevo": "new year", "nochevieja": "new year's eve"},
}  # fmt: skip
CLOCK: dict[str, dict[str, Any]] = {
    "part": {
        "por-la-manana en-la-manana de-la-manana a-la-manana la-manana las-mananas por-las-mananas": "morning",
        "temprano a-primera-hora primera-hora temprano-por-la-manana temprano-en-la-manana": "early morning",
        "por-la-tarde en-la-tarde de-la-tarde a-la-tarde la-tarde las-tardes por-las-tardes tardecita": "afternoon",
        "por-la-noche en-la-noche de-la-noche a-la-noche la-noche": "night",
        "de-la-madrugada madrugada": "early morning",
        "despues-del-trabajo despues-de-trabajar": "after work",
        "antes-del-trabajo": "before work",
        "almuerzo la-hora-del-almuerzo a-la-hora-del-almuerzo": "lunch",
    },
    "noon": {"mediodia al-mediodia medio-dia el-mediodia": (12, 0), "medianoche": (0, 0)},
    "oclock": {"en-punto": 0},
    "quarter": {"cuarto": 15},
    "half": {"media": 30},
    "about": {"a-eso-de-las a-eso-de-la como-a-las como-a-la sobre-las sobre-la alrededor-de-las alrededor-de-la cerca-de-las cerca-de-la aproximadamente-a-las mas-o-menos-a-las tipo alrededor-de-a-las": 0},
    "between": {"entre-las entre-la entre": 0},
}  # fmt: skip
BINDERS: dict[str, dict[str, Any]] = {
    "a": {"un": 1},
    "loose_number": {"una": 1},
    "the": {"el los": 0},
    "of": {"de del": 0},
    "at": {"a-las a-la las": 0},
    "and": {"y y-las y-la": 0},
    "or": {"o o-a-las o-las": 0},
    "till": {"hasta hasta-las hasta-la hasta-el": 0},
    "before": {"antes-de antes-del antes-de-las antes-de-la antes-de-el": 0},
    "after": {
        "despues-de despues-del despues-de-las despues-de-la a-partir-de a-partir-del a-partir-de-las a-partir-de-la luego-de desde-las desde-el desde": 0
    },
    "from": {"de-las": 0},
    "not": {"excepto": 0},
    "minus": {"menos": 0},
    "unit": {"millas dolares personas kilometros carros coches": 0},
}
TABLES = (WEEKDAYS, MONTHS, RELATIVE, CLOCK, BINDERS)
