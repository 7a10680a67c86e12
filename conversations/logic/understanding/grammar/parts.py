"""Parts of the day as people in the service trade mean them, and which half of the day each settles."""

from datetime import time

DAY_START, DAY_END = time(0), time(23, 59)

# (earliest, latest, the half that an hour beside it is in)
PARTS: dict[str, tuple[time, time, str]] = {
    "early morning": (DAY_START, time(9, 29), "am"),
    "first thing": (DAY_START, time(9, 29), "am"),
    "before work": (DAY_START, time(8, 59), "am"),
    "late morning": (time(10), time(11, 59), "am"),
    "mid morning": (time(9), time(10, 59), "am"),
    "morning": (DAY_START, time(11, 59), "am"),
    "lunch": (time(11, 30), time(13, 30), ""),
    "early afternoon": (time(12), time(14), "pm"),
    "late afternoon": (time(15), time(18), "pm"),
    "mid afternoon": (time(13, 30), time(15, 30), "pm"),
    "afternoon": (time(12), time(17, 59), "pm"),
    "end of the day": (time(15, 30), DAY_END, "pm"),
    "after work": (time(17), DAY_END, "pm"),
    "after lunch": (time(13), time(17, 59), "pm"),
    "early evening": (time(17), time(19), "pm"),
    "evening": (time(17), DAY_END, "pm"),
    "night": (time(18), DAY_END, "night"),
    "tonight": (time(17), DAY_END, "night"),
}
