"""How many requests to stop are found, and how many ordinary texts are taken for one: texts of our own."""

from itertools import product

import pytest

from messaging.logic.opt_out import read_opt_out
from messaging.logic.opt_out_doubts import suspect_opt_out

pytestmark = pytest.mark.logic

STOPS = """stop texting me please|please stop sending me messages|can you please stop texting this number|STOP STOP STOP
stop all messages|stop sending reminders|stop the texts now|i said stop|hey stop texting me|stop emailing me already
unsubscribe please|please unsubscribe me from this list|unsubscribe this email|I want to unsubscribe|unsuscribe
remove me|please remove me from your list|remove my number from your system|remove this number|remove us from your mailing list
take me off|take me off your texting list|please take my number off your list|take my name off the list|take this number off your list
do not contact me anymore|don't contact me again|do not text this number|dont ever text me again|please do not text me any more
don't call me anymore|do not call me ever again|never contact me again|never call this number again
no more messages please|no more texts|no more calls please|no more emails|no further messages please
opt out|opt me out|I'm opting out|opt me out of these texts|please opt me out
I do not want to receive these texts|i don't want any more messages|I don't want your texts|don't want texts from you
we no longer wish to receive calls|I no longer want to receive emails|no longer want to hear from you|I don't want to hear from you
lose my number|lose this number please|leave me alone|please leave us alone|quit texting me|quit calling|quit bugging me|quit spamming me
cease and desist contacting me|cease all communication|end all messages|end texts|delete my number|delete my info from your database
delete me from your records|erase my number|put me on the do not call list|add me to your do not contact list
I revoke my consent|i withdraw my permission to text me|revoke consent|cancel all texts|discontinue these messages
wrong number|you have the wrong number|sorry wrong number|wrong person|you got the wrong guy|this is the wrong number
stop harassing me|stop bothering us|stop spamming me|stop messaging me thanks|stop it|stop this please|STOP.|stop!|S-T-O-P|stop 🛑
Stop, we moved away|STOP we sold that car years ago|Unsubscribe. Not my car.|please stop contacting me|stop contacting my wife
alto|para de mandarme mensajes|deje de llamarme|dejen de enviarme textos|deja de escribirme|no me manden más mensajes
no me llamen más|no me escriban|no me contacten más|no quiero más mensajes|no quiero recibir sus llamadas|no deseo recibir mensajes
quíteme de su lista|borren mi número|elimine mi número|sáquenme de la lista|quiero darme de baja|denme de baja por favor
número equivocado|es un número equivocado|basta|cancelar|ya no me manden textos|no más mensajes por favor|detener|parar por favor|baja"""

UNCERTAIN = """I'm getting too many texts from you|why do you keep texting me|how do I opt out?|how do I get off this list|how do i unsubscribe?
this is spam|I never signed up for this|enough already|I'm going to block this number|fed up with these messages|stop already
sick of your calls|not interested in your offers|I am reporting this as spam|ya basta con esto|how can I turn these off"""

ORDINARY_ALWAYS = """stop by at 5?|can't stop thinking about it|don't stop the service|can I stop by after work|I'll stop in tomorrow
my brakes won't stop squealing|the wipers don't stop|it stops and starts|bus stop on main street|stop sign on the corner
please don't cancel my appointment|don't call me at work|text me instead of calling|call me when it is done|no more than 200 dollars please
quit making that noise|does it stop leaking oil|can you remove the roof rack|take off the old tires|please remove the dent
I need to cancel my appointment|cancel tuesday please, friday works|end of the month|what ends the lease|no texts yet about my car"""

PEOPLE = ("", "Hi, ", "hey ", "Good morning, ", "ok ", "Thanks. ")
WISHES = (
    "can I come {when}", "{when} works for me", "I'd like to stop by {when}", "do you have anything {when}", "book me for {when}",
    "I can drop it off {when}", "is {when} still open", "not {when} please", "can't do {when}", "let's make it {when}",
    "could you call me {when}", "please text me {when}", "I'll be out of town {when}", "my car stopped on the road {when}",
    "need the oil changed {when}", "puedo ir {when}", "cancel my appointment {when}", "the light came on {when}",
    "don't start before {when}", "can someone remove the old tires {when}",
)  # fmt: skip
WHENS = (
    "tomorrow", "on tuesday", "at 3", "next week", "friday at 8:30", "after work", "in the morning", "on the 5th", "this afternoon",
    "monday or wednesday", "at noon", "in 2 weeks", "first thing", "before 10", "around 4", "today", "on saturday at 9", "mañana",
    "el martes", "at 5 pm", "any day", "later today", "by friday", "wednesday after lunch", "12/5",
)  # fmt: skip


def each(block):
    return [words for line in block.split("\n") for words in line.split("|")]


def test_at_least_97_percent_of_the_requests_are_found():
    missed = [text for text in each(STOPS) if read_opt_out(text) is None]

    assert len(missed) <= 0.03 * len(each(STOPS)), missed


def test_at_most_one_of_3000_ordinary_texts_is_taken_for_a_request():
    texts = [person + wish.format(when=when) for person, wish, when in product(PEOPLE, WISHES, WHENS)]

    taken = [text for text in texts if read_opt_out(text) is not None]

    assert len(texts) == 3_000
    assert len(taken) <= 1, taken


@pytest.mark.parametrize("text", each(ORDINARY_ALWAYS))
def test_what_only_sounds_like_it_is_neither_a_request_nor_suspected(text):
    assert read_opt_out(text) is None
    assert suspect_opt_out(text) is None


@pytest.mark.parametrize("text", each(UNCERTAIN))
def test_an_uncertain_one_is_at_least_suspected(text):
    assert read_opt_out(text) is not None or suspect_opt_out(text) is not None
