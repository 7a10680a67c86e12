"""The sandbox's codes in our words; what is not listed is kept raw as UNKNOWN."""

from messaging.enums import ErrorCode

CODES = {
    "invalid_address": ErrorCode.INVALID_ADDRESS,
    "not_textable": ErrorCode.NOT_TEXTABLE,
    "opted_out": ErrorCode.OPTED_OUT,
    "blocked": ErrorCode.BLOCKED,
    "turned_away": ErrorCode.TURNED_AWAY,
    "complained": ErrorCode.COMPLAINED,
    "rejected_content": ErrorCode.REJECTED_CONTENT,
    "expired": ErrorCode.EXPIRED,
    "rate_limited": ErrorCode.RATE_LIMITED,
    "unauthorized": ErrorCode.AUTHENTICATION,
    "unsupported_channel": ErrorCode.UNSUPPORTED,
    "temporary": ErrorCode.TEMPORARY,
}
