"""The words of `opt_out`: those that stop, those that only accompany one, and those that merely look like one."""

KEYWORDS = frozenset(
    [
        "stop",
        "stopall",
        "quit",
        "end",
        "revoke",
        "optout",
        "cancel",
        "unsubscribe",
        "remove",
        "unsub",
        "alto",
        "parar",
        "pare",
        "paren",
        "cancelar",
        "basta",
        "detener",
        "detengan",
        "detenganse",
        "baja",
        "desuscribir",
        "arret",
        "arreter",
        "arretez",
        "desabonner",
    ]
)
KEY_PHRASES = frozenset(
    (
        "opt out",
        "stop all",
        "no more",
        "no mas",
        "ya no",
        "stop stop",
        "stop it",
        "stop this",
        "stop now",
        "stop messages",
        "stop texts",
        "stop texting",
        "stop messaging",
        "stop calling",
        "stop emails",
        "stop emailing",
        "end all",
        "cancel all",
        "remove me",
        "dar de baja",
        "darme de baja",
        "plus de messages",
        "leave me alone",
        "wrong number",
        "wrong person",
        "numero equivocado",
        "not interested stop",
        "go away",
        "fuck off",
        "f off",
        "piss off",
        "do not call",
        "do not text",
        "dont call",
        "dont text",
    )
)
# Left out before a whole message is compared: they change the tone, not the meaning.
COURTESIES = frozenset(
    [
        "please",
        "pls",
        "plz",
        "plse",
        "thanks",
        "thank",
        "you",
        "thx",
        "ok",
        "okay",
        "hi",
        "hello",
        "hey",
        "sir",
        "maam",
        "now",
        "immediately",
        "asap",
        "just",
        "kindly",
        "i",
        "said",
        "por",
        "favor",
        "gracias",
        "ya",
        "ahora",
        "hola",
        "svp",
        "merci",
        "the",
        "to",
        "text",
        "me",
        "again",
    ]
)
# Beside anything else in a message these still mean that; "cancel" and "end" may be about the appointment.
UNMISTAKABLE = frozenset(
    ["stop", "stopall", "optout", "unsubscribe", "unsub", "arret", "desuscribir", "desabonner"]
)
# Left out around those only: "no" is half of "no more", and "no, cancel" is about an appointment.
MORE_COURTESIES = frozenset(
    [
        "yes",
        "yeah",
        "yep",
        "no",
        "nope",
        "nah",
        "not",
        "interested",
        "guys",
        "already",
        "it",
        "sms",
        "msg",
        "msgs",
        "txt",
        "texts",
        "and",
        "but",
        "im",
        "so",
        "sorry",
        "dude",
    ]
)
STOP_SIGNS = frozenset("🛑🚫⛔")
# Words that are one slip from a stop word and mean something else.
OTHER_WORDS = frozenset(
    [
        "shop",
        "shops",
        "step",
        "steps",
        "top",
        "tops",
        "stow",
        "spot",
        "atop",
        "stoop",
        "slop",
        "store",
        "stock",
        "stops",
        "stoped",
        "drop",
        "crop",
        "chop",
        "prop",
        "quite",
        "quiet",
        "quits",
        "quid",
        "suit",
        "quilt",
        "cance",
        "canceled",
        "cancelled",
        "candle",
        "para",
        "parada",
        "par",
        "pared",
        "padre",
        "bast",
        "bass",
        "basta",
        "pasta",
        "vasta",
        "casta",
        "alta",
        "salto",
        "also",
        "auto",
        "pares",
        "parte",
        "parts",
        "remote",
        "removed",
        "resolve",
        "canceler",
        "cancels",
        "parcel",
        "revoked",
        "remover",
        "start",
        "starts",
        "sto",
    ]
)
# What goes with a request and tells nothing by itself, whatever stands beside it.
PART_OF_A_STOP = (
    COURTESIES
    | MORE_COURTESIES
    | frozenset(" ".join(KEY_PHRASES).split())
    | frozenset(
        """my mine us our we id ill dont do not never wont want wish like would need can could will am is are was this that these those it its
        your ur yours from of off on at in for with a an and or any anymore more all ever everything at once again here there
        number phone cell mobile line address name list lists database system records contacts mailing message messages
        texting call calls calling email emails mail mails reminder reminders letter letters contact contacting contacted
        notifications marketing automated service stupid fucking damn goddamn freaking please right away thank
        immediatly today forever permanently further longer wrong person guys people folks dealership dealer company
        stopping opting unsubscribing subscription cease desist communication withdraw permission
        mi mis numero telefono lista mensajes mensaje textos llamadas correos correo de del la el los las su sus este esta estos
        no quiero mas que me recibir gracias""".split()  # noqa: SIM905 -- reads better as text
    )
)
