"""Twilio's codes in our words; what is not listed is kept raw as UNKNOWN.

source: Twilio's pages of each error code, as of 2026-11
"""

from messaging.enums import ErrorCode

CODES: dict[int, ErrorCode] = {
    # the number
    21211: ErrorCode.INVALID_ADDRESS,  # `To` is no valid number
    13224: ErrorCode.INVALID_ADDRESS,  # a call to no valid number
    21214: ErrorCode.INVALID_ADDRESS,  # likewise
    21614: ErrorCode.NOT_TEXTABLE,  # not a mobile number
    21635: ErrorCode.NOT_TEXTABLE,  # a landline
    30005: ErrorCode.INVALID_ADDRESS,  # unknown handset: a dead or reassigned number
    30006: ErrorCode.NOT_TEXTABLE,  # a landline, or a carrier that cannot be reached; a call still may
    21612: ErrorCode.UNSUPPORTED,  # this pair of numbers is not routable
    # the person
    21610: ErrorCode.OPTED_OUT,
    63014: ErrorCode.BLOCKED,  # blocked by the user
    30004: ErrorCode.BLOCKED,
    30640: ErrorCode.BLOCKED,  # a known litigator
    # what was said
    21617: ErrorCode.REJECTED_CONTENT,  # over 1,600 characters
    30007: ErrorCode.REJECTED_CONTENT,  # filtered by a carrier
    # our account: an operator has to act
    20003: ErrorCode.AUTHENTICATION,
    21210: ErrorCode.CONFIGURATION,  # the caller's number is not verified
    21215: ErrorCode.CONFIGURATION,  # calls to that country are switched off
    21408: ErrorCode.CONFIGURATION,  # texts to that country are switched off
    21601: ErrorCode.CONFIGURATION,  # our number takes no texts
    21606: ErrorCode.CONFIGURATION,  # our number is not ours
    21608: ErrorCode.CONFIGURATION,  # a trial account, or no approved profile
    30002: ErrorCode.CONFIGURATION,  # suspended after queuing
    30032: ErrorCode.CONFIGURATION,  # toll-free number not verified
    30034: ErrorCode.CONFIGURATION,  # sender not registered with the carriers
    30450: ErrorCode.CONFIGURATION,  # blocked as suspected pumping
    # the moment
    20429: ErrorCode.RATE_LIMITED,  # never processed
    21611: ErrorCode.TEMPORARY,  # the sender's queue is full
    30001: ErrorCode.TEMPORARY,  # queue overflow
    30003: ErrorCode.TEMPORARY,  # handset off or without signal
    30008: ErrorCode.TEMPORARY,  # unknown carrier error
    30022: ErrorCode.TEMPORARY,  # carrier's rate for a registered sender
    30023: ErrorCode.TEMPORARY,  # carrier's daily limit
    30047: ErrorCode.TEMPORARY,  # could not be put off to the allowed hours; neither queued nor sent
    30036: ErrorCode.EXPIRED,  # the validity period ended
    30610: ErrorCode.EXPIRED,  # outside the allowed local hours
}
# Where there is no code, or none we know.
STATUSES: dict[int, ErrorCode] = {
    401: ErrorCode.AUTHENTICATION,
    403: ErrorCode.AUTHENTICATION,
    404: ErrorCode.CONFIGURATION,  # no such (sub)account
    429: ErrorCode.RATE_LIMITED,
}
