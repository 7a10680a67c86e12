"""What a customer wrote themselves in an e-mail: without the quoted message, the signature and the footer."""

import re

# Where the quoted message begins, as mail programs write it; everything from there on is not the customer's.
_QUOTE_STARTS = re.compile(
    r"^\s*(?:>"
    r"|On\b.{0,200}\bwrote:\s*$"
    r"|El\b.{0,200}\bescribi[oó]:\s*$"
    r"|Le\b.{0,200}\ba [ée]crit\s?:\s*$"
    r"|-{2,}\s*(?:Original Message|Forwarded message|Mensaje original)\b"
    r"|_{10,}\s*$"
    r"|(?:From|De|Von):\s.+@"
    r"|-- ?$"
    r"|Sent from (?:my|Mail|Yahoo|Outlook|the)\b"
    r"|Enviado desde\b"
    r"|Get Outlook for\b)",
    re.IGNORECASE,
)
# An attribution broken over two lines ("On Tue, Nov 24 ... <service@\nexample.com> wrote:").
_BROKEN_ATTRIBUTION = re.compile(
    r"^(?:On|El)\b[^\n]{0,200}\n[^\n]{0,200}(?:wrote|escribi[oó]):\s*$", re.MULTILINE | re.IGNORECASE
)
# The head of a message in Outlook's way, without an address in its first line.
_HEAD = re.compile(
    r"^\**(?:From|De|Von)\**:[^\n]*\n\s*\**(?:Sent|Date|To|Enviado|Fecha|Para|Gesendet|An|Envoy[ée]|Date)\b[^\n]*:.*",
    re.MULTILINE | re.IGNORECASE | re.DOTALL,
)
_ANSWERS = re.compile(r"\s*(?:re|aw|sv|rv|fw|fwd|tr|wg|antw)\s*(?:\[\d+\])?:", re.IGNORECASE)
MAX_LENGTH = 20_000


def own_words(body: str) -> str:
    """Return the part of an e-mail its sender wrote; empty where they wrote nothing.

    Answers written below or between quoted lines are kept, the quoted lines are not: those are our own words, which
    ask for a day and name the way out, and must be read neither as a wish nor as a stop.
    """
    text = body[:MAX_LENGTH].replace("\r\n", "\n")
    if head := _HEAD.search(text):
        text = text[: head.start()]
    text = _BROKEN_ATTRIBUTION.sub("", text)
    own: list[str] = []
    for line in text.split("\n"):
        if _QUOTE_STARTS.match(line):
            if not line.lstrip().startswith(">") and any(part.strip() for part in own):
                break
            continue
        own.append(line)
    return "\n".join(own).strip()


def own_subject(subject: str) -> str:
    """Return a subject its sender wrote; empty for that of an answer, which is ours."""
    return "" if _ANSWERS.match(subject) else subject.strip()
