"""A text as typed -> plain lower-case ASCII in one spelling of signs, which is then cut into words."""

import unicodedata

# Longer than any reply that is about an appointment; more is read by a person.
MAX_LENGTH = 1_000

_SIGNS = str.maketrans(
    {
        "’": "'", "‘": "'", "`": "'", "´": "'", "“": '"', "”": '"', "–": "-", "—": "-", "‐": "-", "−": "-",
        "\u00a0": " ", "\n": " . ", "\r": " ", "\t": " ", "¿": " ", "¡": " ", "£": " $", "€": " $", "º": "o", "ª": "a",
        "\U0001f44d": " thumbsup ", "\U0001f44c": " thumbsup ", "✅": " thumbsup ", "\U0001f44e": " thumbsdown ",
    }
)  # fmt: skip
_LINES = str.maketrans({"\n": " . ", "\r": " ", "\t": " ", "`": "'"})


def fold(text: str) -> str:
    """Return the text in lower case without accents, emoji and typographic signs; at most `MAX_LENGTH` of it."""
    text = text[:MAX_LENGTH]
    if text.isascii():
        return text.lower().translate(_LINES)
    plain = unicodedata.normalize("NFKD", text.translate(_SIGNS))[: 2 * MAX_LENGTH].lower().translate(_SIGNS)
    return "".join(
        letter if letter.isascii() else " " for letter in plain if not unicodedata.combining(letter)
    )
