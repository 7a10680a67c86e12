"""The words of the customer's own pages, in their language."""

from booking.logic.wording import known_language

_WORDS: dict[str, dict[str, str]] = {
    "en": {
        "title": "Book a visit",
        "hello": "Hello {name}, when does it suit you?",
        "hello_nobody": "When does it suit you?",
        "your": "Your {vehicle}",
        "due": "Due",
        "choose": "Choose a time",
        "more_days": "Later days",
        "earlier_days": "Back to the first days",
        "none_free": "No free times here. Call us, and we will find one.",
        "for_which": "Which car?",
        "review": "Book this time?",
        "move_review": "Move your appointment to this time?",
        "instead_of": "Instead of {when}",
        "book": "Yes, book it",
        "move": "Yes, move it",
        "back": "Choose another time",
        "booked": "You are booked",
        "no_confirmation": "You get no confirmation by message, so please note the time.",
        "change": "Change the time",
        "cancel": "Cancel the appointment",
        "cancelled": "The appointment is cancelled. Here are free times, should you want another one.",
        "taken": "That time has just been taken. These are free:",
        "old_title": "This link has ended",
        "old": "It was for a service that was due some time ago. Call us, or answer our last message, and we will "
        "find you a time.",
        "old_until": "It could be used until {until}.",
        "busy_title": "Too many changes for now",
        "busy": "The appointment was changed many times within the hour. Call us, and we will settle it together.",
        "gone_title": "Nothing to book here any more",
        "gone": "As far as we know, the car this was about is no longer yours. If that is wrong, or you want to bring "
        "another one, call us, and we will find you a time.",
        "forgotten": "We no longer keep the details this link was made for, so {dealership} sends no more messages "
        "because of them. To book a visit, or if a message still reaches you, call us.",
        "until": "This link books until {until}.",
        "still_booked": "You are booked for {when}.",
        "call": "Call",
        "stop_link": "Stop these messages",
        "stop_title": "Stop messages",
        "stop_lead": "Messages from {dealership}",
        "stop_everything": "Stop all messages",
        "stop_reminders": "Stop service reminders and offers; appointments I book are still confirmed",
        "stop_phone": "Stop texts and calls",
        "stop_email": "Stop e-mails",
        "stop_letter": "Stop letters",
        "stop": "Stop",
        "stopped": "Done",
        "stopped_hint": "You will get no more of these messages from {dealership}. It holds from this moment.",
        "broken_title": "This link does not work",
        "broken": "Part of it may be missing. Copy the whole link from our message, or call us.",
        "wait_title": "Please try again in a few minutes",
        "wait": "Too many links that do not work were tried from where you are. You can also call us, or answer our message.",
        "other_language": "Español",
        "at": "Where",
    },
    "es": {
        "title": "Reservar una visita",
        "hello": "Hola, {name}. ¿Cuándo le conviene?",
        "hello_nobody": "¿Cuándo le conviene?",
        "your": "Su {vehicle}",
        "due": "Le toca",
        "choose": "Elija una hora",
        "more_days": "Días siguientes",
        "earlier_days": "Volver a los primeros días",
        "none_free": "No hay horas libres aquí. Llámenos y encontraremos una.",
        "for_which": "¿Qué auto?",
        "review": "¿Reservamos esta hora?",
        "move_review": "¿Cambiamos su cita a esta hora?",
        "instead_of": "En lugar de {when}",
        "book": "Sí, reservar",
        "move": "Sí, cambiar",
        "back": "Elegir otra hora",
        "booked": "Tiene una cita",
        "no_confirmation": "No le enviaremos confirmación; por favor, anote la hora.",
        "change": "Cambiar la hora",
        "cancel": "Cancelar la cita",
        "cancelled": "La cita está cancelada. Estas son las horas libres, por si quiere otra.",
        "taken": "Esa hora se acaba de ocupar. Estas están libres:",
        "old_title": "Este enlace ya no sirve",
        "old": "Era para un servicio que tocaba hace tiempo. Llámenos o responda a nuestro último mensaje, y "
        "encontraremos una hora.",
        "old_until": "Se podía usar hasta el {until}.",
        "busy_title": "Demasiados cambios por ahora",
        "busy": "La cita se ha cambiado muchas veces en la última hora. Llámenos y lo arreglamos juntos.",
        "gone_title": "Aquí ya no hay nada que reservar",
        "gone": "Según nuestros datos, el auto del que se trataba ya no es suyo. Si no es así, o si quiere traer otro, "
        "llámenos y encontraremos una hora.",
        "forgotten": "Ya no guardamos los datos para los que se hizo este enlace, así que {dealership} no envía más "
        "mensajes por ellos. Para reservar una visita, o si aún le llega un mensaje, llámenos.",
        "until": "Este enlace sirve para reservar hasta el {until}.",
        "still_booked": "Tiene una cita el {when}.",
        "call": "Llamar al",
        "stop_link": "No recibir más mensajes",
        "stop_title": "No recibir más mensajes",
        "stop_lead": "Mensajes de {dealership}",
        "stop_everything": "No recibir ningún mensaje",
        "stop_reminders": "No recibir recordatorios ni ofertas; sí la confirmación de las citas que reserve",
        "stop_phone": "No recibir mensajes de texto ni llamadas",
        "stop_email": "No recibir correos electrónicos",
        "stop_letter": "No recibir cartas",
        "stop": "No recibir más",
        "stopped": "Listo",
        "stopped_hint": "Ya no recibirá estos mensajes de {dealership}. Vale desde este momento.",
        "broken_title": "Este enlace no funciona",
        "broken": "Quizá falta una parte. Copie el enlace entero de nuestro mensaje, o llámenos.",
        "wait_title": "Inténtelo de nuevo en unos minutos",
        "wait": "Desde donde está se han probado demasiados enlaces que no funcionan. También puede llamarnos o responder a nuestro mensaje.",
        "other_language": "English",
        "at": "Dónde",
    },
}


def page_words(language: str, **values: str) -> dict[str, str]:
    """Return all words of a page, with the named values put in; unknown languages get English."""
    return {key: text.format_map(_Known(values)) for key, text in _WORDS[known_language(language)].items()}


class _Known(dict[str, str]):
    """Leaves a value that was not given empty: each page gives those it shows."""

    def __missing__(self, key: str) -> str:
        return ""
