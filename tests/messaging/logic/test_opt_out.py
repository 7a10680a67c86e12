import pytest

from common.enums import Channel
from messaging.logic.opt_out import Scope, fold, has_more_to_say, is_one_slip, read_opt_out

pytestmark = pytest.mark.logic

STOPS = """STOP|stop|Stop.|STOP!!|stop please|Please stop|pls stop|Stopp|stpo|sotp|stoppp|S T O P|s.t.o.p|🛑 STOP 🛑
unsubscribe|Unsubscibe|UNSUBSCRIBE ME|quit|QUIT!|end|cancel|Cancel please|revoke|opt out|Opt-out|optout|OPT OUT please
stop texting me|quit texting me|pls quit texting me|stop calling me!!!|Do not text me again|don't text me anymore
don’t contact me|Please do not call me again|Take me off this list please|remove my number|please remove me
wrong number|You have the wrong number|This is the wrong number, I don't know any Ana|no more texts
I no longer wish to receive these messages|I don't want these texts|I dont want any more messages from you
leave me alone|lose my number|stop sending me these|stop sending these texts|quit sending me messages
stop with the texts|stop bothering me|I would like to opt out|unsubscribe me from this|can you stop texting me
STOPALL|Stop this|i revoke my consent|put me on your do not call list|I do not wish to be contacted
don't want you to contact me|Stop, I sold the car|STOP I already sold it|sold the car stop texting
delete me from your system|who is this? stop texting me|never text me again|get me off this list|stop it
alto|ALTO por favor|parar|cancelar|no mas|No más|NO MÁS MENSAJES|basta|no me manden mas mensajes
deje de enviarme mensajes|no me llamen mas|quiten mi numero de su lista|darme de baja|número equivocado
🛑|⛔️|Tuesday at 3 works. STOP|Sold it. Stop.|I sold the car STOP|yes stop|No thanks stop|Stop sms|stop it already
Who is this? Stop!|I want to stop receiving these|please dont call anymore|go away|Not interested, stop|no. unsubscribe
ya no me escriban|no quiero recibir mensajes|arret|ARRÊT|arrêtez"""

NO_STOPS = """stop by at 5?|can't stop thinking about it|don't stop the service|I'll stop by tomorrow|STOP BY AT 5
can i stop in at 3|does it stop leaking|my brakes won't stop squeaking|the car doesn't stop well|bus stop
I need to cancel my appointment|cancel tuesday, wednesday instead|end of the week|weekend|quite busy|step|no|shop
no thanks|no more than 50 dollars|not today|no mas tarde|no puedo|para mañana|para el martes|parte
don't text me before 9|don't call me at work|dont call, text me instead|stop light is out|alta|salto|para
can you remove the noise|remove the tires|please remove my snow tires|nonstop|what number should I call
is this the wrong time|wrong day|tuesday at 3 works|yes|can you text me the price|the engine will quit
quit working|my car quit|the ac stopped|stop and go traffic|stop over friday|I can stop on my way home
did you stop the recall|take me off hold|leave me a message|drop me a line|get me in at 4|did i unsubscribe?
where does the bus stop|it squeaks when I stop|I can't make it. Cancel please|see you at the end.|🙂👍|no, cancel|the car won't STOP WELL
Don't call me, I'll call you tomorrow|no llame hoy|why did you stop my order||🙂|???|ok"""


def each(block):
    return [words for line in block.split("\n") for words in line.split("|")]


@pytest.mark.parametrize("text", each(STOPS))
def test_request_to_stop_is_understood(text):
    assert read_opt_out(text) is not None


@pytest.mark.parametrize("text", each(NO_STOPS))
def test_ordinary_text_is_no_stop(text):
    assert read_opt_out(text) is None


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        ("STOP", Scope.CHANNEL),
        ("stop texting me", Scope.CHANNEL),
        ("take me off your list", Scope.EVERYTHING),
        ("do not contact me again", Scope.EVERYTHING),
        ("this is the wrong number", Scope.EVERYTHING),
        ("numero equivocado", Scope.CHANNEL),
    ],
)
def test_scope_follows_the_words(text, scope):
    assert read_opt_out(text).scope is scope


@pytest.mark.parametrize(
    ("text", "channels"),
    [
        ("stop texting, call me instead", (Channel.SMS, Channel.VOICE)),
        ("Please stop texting me and just call", (Channel.SMS, Channel.VOICE)),
        ("stop calling, text me instead", (Channel.VOICE,)),
        ("can you stop calling and text me when it is ready", (Channel.VOICE,)),
        ("quit emailing me, text me instead", (Channel.EMAIL,)),
        ("stop texting me", ()),
        ("STOP. call me instead", ()),
    ],
)
def test_another_way_instead_stops_what_is_named(text, channels):
    assert read_opt_out(text).channels == channels


@pytest.mark.parametrize(
    "text",
    [
        "don't stop texting me and call",
        "dont stop calling me, text me instead",
        "stop by and call me instead",
    ],
)
def test_another_way_without_a_stop_is_none(text):
    assert read_opt_out(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "STOP. also is my car ready?",
        "stop texting, call me instead",
        "stop texting me. call me",
        "Stop, I sold the car",
        "Tuesday at 3 works. STOP",
        "STOP I paid already",
        "Sold it. Stop.",
        "who is this? stop texting me",
        "You have the wrong number, this is Rosa's bakery",
        "para de mandarme mensajes, llámeme",
    ],
)
def test_words_beside_a_stop_are_for_a_person(text):
    assert read_opt_out(text) is not None
    assert has_more_to_say(text)


@pytest.mark.parametrize(
    "text",
    each(
        "STOP|Stpo!|stop please, thank you|🛑|please stop texting me at this number|stop it already|wrong number|go away||"
        "Take me off this list please|I do not want to receive these texts|no me manden más mensajes por favor|"
        "cease and desist contacting me|No thanks stop"
    ),
)
def test_a_stop_alone_is_for_nobody(text):
    assert not has_more_to_say(text)


def test_evidence_names_the_words_that_decided():
    assert read_opt_out("Hi, please take me off your list. Thanks").matched == "take me off your list"
    assert read_opt_out("Stpo!").matched == "stop"


def test_fold_keeps_letters_and_digits():
    assert fold("  S.T.O.P!! 🛑 Ça va, número 5’s ") == "stop ca va numero 5s"


@pytest.mark.parametrize(
    ("word", "other", "expected"),
    [
        ("sotp", "stop", True),
        ("stp", "stop", True),
        ("stopp", "stop", True),
        ("stap", "stop", True),
        ("atop", "stop", False),
        ("stppo", "stop", False),
        ("stop", "stop", True),
    ],
)
def test_one_slip(word, other, expected):
    assert is_one_slip(word, other) is expected
