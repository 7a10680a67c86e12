"""English words of days and times: word or phrase -> (kind, value).

Values: weekdays from Monday = 0, months from January = 1, relative days as an offset, parts of the day by the name of
`parts.PARTS`.
"""

from typing import Any

WEEKDAYS: dict[str, dict[str, Any]] = {
    "weekday": {
        "monday mondays mon": 0,
        "tuesday tuesdays tue tues": 1,
        "wednesday wednesdays wed weds": 2,
        "thursday thursdays thu thur thurs": 3,
        "friday fridays fri": 4,
        "saturday saturdays": 5,
        "sunday sundays": 6,
    },
    # Short for a day, but a word or a name as well: only a rule that expects a day takes them for one.
    "loose_weekday": {"sat": 5, "sun": 6},
}
MONTHS: dict[str, dict[str, Any]] = {
    "month": {
        "january jan": 1,
        "february feb": 2,
        "march": 3,
        "april apr": 4,
        "june jun": 6,
        "july jul": 7,
        "august aug": 8,
        "september sept sep": 9,
        "october oct": 10,
        "november nov": 11,
        "december dec": 12,
    },
    "loose_month": {"may": 5, "mar": 3},
}
RELATIVE: dict[str, dict[str, Any]] = {
    "relative_day": {
        "today 2day todays today's": 0,
        "tomorrow tomorrows tomorrow's tmrw tmr tmw tmrrw tomo tom 2moro 2morrow 2morro tomoro tommorow tomarrow tomorow": 1,
        "day-after-tomorrow the-day-after-tomorrow a-day-after-tomorrow overmorrow": 2,
        "yesterday yesterdays": -1,
        "day-before-yesterday the-day-before-yesterday": -2,
        "last-night": -1,
    },
    # A part of today: the day and the name of the part.
    "today_part": {
        "tonight tonite 2nite tonights this-night": "tonight",
        "this-evening": "evening",
        "this-morning": "morning",
        "this-afternoon": "afternoon",
        "late-tonight later-tonight": "tonight",
    },
    "now": {"now right-now straight-away right-away": 0},
    "next": {"next nxt following": 0},
    "coming": {"coming upcoming": 0},
    "this": {"this current": 0},
    "last": {"last previous past-weeks": 0},
    "each": {"every each any-given": 0},
    "week": {"week weeks wk wks week's weeks'": 7},
    "weekend": {"weekend weekends": 0},
    "day_unit": {"day days": 1},
    "month_unit": {"month months": 0},
    "year_unit": {"year years": 0},
    "hour_unit": {"hour hours hr hrs": 60},
    "minute_unit": {"minute minutes min mins": 1},
    "early": {"early earlier beginning-of start-of the-beginning-of the-start-of early-in beginning": 0},
    "mid": {"mid middle-of the-middle-of": 0},
    "late": {"late late-in": 0},
    "later": {"later later-in": 0},
    "end_of": {"end-of the-end-of": 0},
    "ago": {"ago back-then": 0},
    "from_now": {"from-now hence": 0},
    "holiday": {
        "christmas xmas christmas-day xmas-day": "christmas",
        "christmas-eve xmas-eve": "christmas eve",
        "new-year's-day new-years-day new-year's new-years new-year": "new year",
        "new-year's-eve new-years-eve new-year-eve": "new year's eve",
        "thanksgiving thanksgiving-day": "thanksgiving",
        "black-friday": "black friday",
        "halloween": "halloween",
        "valentine's-day valentines-day": "valentine's day",
        "independence-day july-fourth": "independence day",
        "labor-day labour-day": "labor day",
        "memorial-day": "memorial day",
        "veterans-day": "veterans day",
        "columbus-day": "columbus day",
        "mlk-day martin-luther-king-day": "martin luther king day",
        "presidents-day president's-day": "presidents day",
        "juneteenth": "juneteenth",
        "st-patrick's-day saint-patrick saint-patrick's st-patricks-day st-patrick's saint-patricks-day": "st patrick's day",
        "cinco-de-mayo": "cinco de mayo",
        "easter easter-sunday": "easter",
        "mother's-day mothers-day": "mother's day",
        "father's-day fathers-day": "father's day",
    },
}
CLOCK: dict[str, dict[str, Any]] = {
    "half_day": {"am in-the-am": "a", "pm in-the-pm": "p"},
    "part": {
        "morning mornings morn mornin in-the-morning in-the-mornings a-morning of-the-morning": "morning",
        "early-morning early-in-the-morning in-the-early-morning early-mornings": "early morning",
        "first-thing first-thing-in-the-morning first-thing-in-morning": "first thing",
        "before-work": "before work",
        "late-morning late-in-the-morning in-the-late-morning": "late morning",
        "mid-morning midmorning": "mid morning",
        "lunch lunchtime lunch-time at-lunch": "lunch",
        "after-lunch after-lunchtime": "after lunch",
        "early-afternoon early-in-the-afternoon in-the-early-afternoon": "early afternoon",
        "late-afternoon late-in-the-afternoon in-the-late-afternoon": "late afternoon",
        "mid-afternoon midafternoon": "mid afternoon",
        "afternoon afternoons aft arvo in-the-afternoon in-the-afternoons of-the-afternoon": "afternoon",
        "end-of-the-day end-of-day eod at-the-end-of-the-day the-end-of-the-day close-of-business cob": "end of the day",
        "after-work after-school": "after work",
        "early-evening early-in-the-evening": "early evening",
        "evening evenings in-the-evening in-the-evenings of-the-evening eve": "evening",
        "night nights at-night in-the-night of-the-night night-time nighttime": "night",
    },
    "noon": {
        "noon noontime midday mid-day 12-noon twelve-noon 12-oclock-noon high-noon": (12, 0),
        "midnight 12-midnight": (0, 0),
    },
    "oclock": {"oclock hundred sharp": 0},
    "quarter": {"quarter a-quarter": 15, "three-quarters": 45},
    "half": {"half half-an a-half": 30},
    "past": {"past": 0},
    "about": {
        "about around approximately approx roughly close-to circa around-about some-time-around at-like like-at like-around say-around": 0
    },
    "ish": {"ish or-so": 0},
    "between": {"between anywhere-between sometime-between": 0},
}
BINDERS: dict[str, dict[str, Any]] = {
    "a": {"a an": 1},
    "the": {"the": 0},
    "of": {"of": 0},
    "in": {"in within": 0},
    "at": {
        "at @ make-it make-it-at make-it-for make-that change-it-to move-it-to push-it-to can-we-do could-we-do can-you-do could-you-do can-i-do could-i-do let's-do lets-do we-can-do": 0
    },
    "on": {"on": 0},
    "and": {"and &": 0},
    "or": {"or nor": 0},
    "to": {"to thru through": 0},
    "till": {"till til until 'til": 0},
    "before": {
        "before by prior-to no-later-than not-later-than not-after earlier-than no-later latest sooner-than": 0
    },
    "after": {"after since later-than not-before not-until no-earlier-than not-earlier-than starting": 0},
    "from": {"from": 0},
    "for": {"for": 0},
    "not": {"not except": 0},
    "minus": {},
    "unit": {
        "street avenue ave floor gear grade place mile miles mi km kms kilometers kilometer k dollar dollars bucks cents percent pounds euros pound euro usd "
        "people person persons ppl adult adults child children kid kids guest guests pax nights guys friends "
        "seat seats chairs car cars vehicle vehicles tire tires wheel wheels times quarts liters cylinder cylinders door "
        "doors points stars star bedroom bedrooms room rooms beds degrees of-us of-them of-you": 0
    },
}
TABLES = (WEEKDAYS, MONTHS, RELATIVE, CLOCK, BINDERS)
