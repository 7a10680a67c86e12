"""Which language a text is in."""

import re

from conversations.logic.understanding.folding import fold

_SPANISH_WORDS = re.compile(
    r"\b(?:gracias|hola|buenos|buenas|por favor|manana|lunes|martes|miercoles|jueves|viernes|sabado|domingo|semana|cita|cuando"
    r"|puedo|quiero|cuanto|tarde|esta bien|de acuerdo|claro|vale|el \d|a las? \d|si por|no puedo|cambiar|cancelar)\b",
    re.ASCII,
)


def is_spanish(text: str) -> bool:
    """Return whether a reply is in Spanish beyond doubt; "si" or "no" alone is not."""
    return "¿" in text or "¡" in text or bool(_SPANISH_WORDS.search(fold(text)))
