from datetime import date, timedelta

import pytest

from campaigns.logic.attribution import Credit, EnrolmentFacts, SentTouch, credit

pytestmark = pytest.mark.logic

VISITED_ON = date(2026, 6, 10)


def before(days):
    return VISITED_ON - timedelta(days=days)


def an_enrolment(enrolment_id=1, *, started=30, sent=(), is_open=True):
    touches = tuple(SentTouch(touch_id, before(days)) for touch_id, days in sent)
    return EnrolmentFacts(enrolment_id, before(started), is_open, touches)


@pytest.mark.parametrize(
    ("enrolments", "credited"),
    [
        ([], None),
        ([an_enrolment(sent=[(11, 14), (12, 7)])], Credit(1, 12)),
        ([an_enrolment(sent=[(11, 14), (12, 0)])], Credit(1, 12)),  # answered on the day
        ([an_enrolment(sent=[(11, 14), (12, -1)])], Credit(1, 11)),  # sent after the visit
        ([an_enrolment()], Credit(1, None)),  # came before the first contact
        ([an_enrolment(is_open=False)], None),
        ([an_enrolment(started=-1)], None),  # enrolled after the visit
        ([an_enrolment(started=-1, sent=[(11, 3)])], None),
        ([an_enrolment(started=90, sent=[(11, 60)], is_open=False)], Credit(1, 11)),
        ([an_enrolment(started=90, sent=[(11, 61)], is_open=False)], None),
        ([an_enrolment(started=90, sent=[(11, 61)])], Credit(1, None)),
        ([an_enrolment(1, sent=[(11, 9)]), an_enrolment(2, sent=[(21, 8)])], Credit(2, 21)),
        ([an_enrolment(1, sent=[(11, 9)], is_open=False), an_enrolment(2)], Credit(1, 11)),
        ([an_enrolment(1, started=9), an_enrolment(2, started=5)], Credit(2, None)),
    ],
)
def test_credit_goes_to_the_latest_contact(enrolments, credited):
    assert credit(VISITED_ON, enrolments=enrolments) == credited
    assert credit(VISITED_ON, enrolments=reversed(enrolments)) == credited
