"""What a provider's refusal means for who looks after a channel, and what to do about it."""

from messaging.enums import ErrorCode

WORDS: dict[ErrorCode, str] = {
    ErrorCode.INVALID_ADDRESS: "The address does not exist.",
    ErrorCode.NOT_TEXTABLE: "The number takes no texts: a landline, or its carrier cannot be reached.",
    ErrorCode.BLOCKED: "The recipient or their carrier blocks us.",
    ErrorCode.TURNED_AWAY: "The recipient's mail provider turned us away; that says nothing against the address.",
    ErrorCode.COMPLAINED: "The recipient marked us as spam.",
    ErrorCode.OPTED_OUT: "The recipient has opted out at the provider.",
    ErrorCode.RATE_LIMITED: "The provider takes no more at the moment. It is tried again by itself.",
    ErrorCode.AUTHENTICATION: "The provider refuses the credentials. Replace them; what waits goes then.",
    ErrorCode.CONFIGURATION: "The account is not set up for this at the provider: look at the sender and its registration there.",
    ErrorCode.REJECTED_CONTENT: "The provider refused the content.",
    ErrorCode.UNSUPPORTED: "The provider cannot do this.",
    ErrorCode.EXPIRED: "It waited at the provider until it made no sense any more.",
    ErrorCode.TEMPORARY: "The provider has trouble, or could not be reached. It is tried again by itself.",
    ErrorCode.UNKNOWN_OUTCOME: "The connection broke after it was sent. The provider is asked what became of it.",
    ErrorCode.UNKNOWN: "The provider gave a code we do not know.",
}


def words_for_error(code: str) -> str:
    """Return an error code in words; one this version does not know comes back as it is."""
    return WORDS.get(ErrorCode(code), "") if code in set(ErrorCode) else code
