"""SendGrid's refusals and reasons in our words; what is not listed is kept raw as UNKNOWN.

It has no codes: a refused request names the field at fault, a dropped e-mail a reason in words.
source: OpenAPI document tsg_mail_v3 of 2026-01-22; event webhook reference
"""

from messaging.enums import ErrorCode

# By the beginning of the field at fault; the first that fits.
FIELDS = (
    ("personalizations.0.to", ErrorCode.INVALID_ADDRESS),
    ("from", ErrorCode.CONFIGURATION),  # not a verified sender
    ("reply_to", ErrorCode.CONFIGURATION),
    ("subject", ErrorCode.REJECTED_CONTENT),
    ("content", ErrorCode.REJECTED_CONTENT),
    ("attachments", ErrorCode.REJECTED_CONTENT),
    ("personalizations.0.headers", ErrorCode.REJECTED_CONTENT),
)
STATUSES = {
    401: ErrorCode.AUTHENTICATION,
    403: ErrorCode.AUTHENTICATION,
    404: ErrorCode.CONFIGURATION,
    413: ErrorCode.REJECTED_CONTENT,
    429: ErrorCode.RATE_LIMITED,
}
# Never sent, because SendGrid knew better.
DROPPED = {
    "bounced address": ErrorCode.INVALID_ADDRESS,
    "invalid": ErrorCode.INVALID_ADDRESS,
    "unsubscribed address": ErrorCode.OPTED_OUT,
    "spam reporting address": ErrorCode.COMPLAINED,
    "spam content": ErrorCode.REJECTED_CONTENT,
    "invalid smtpapi header": ErrorCode.REJECTED_CONTENT,
    "recipient list over package quota": ErrorCode.CONFIGURATION,
}
BOUNCED = {
    "bounce": ErrorCode.INVALID_ADDRESS,
    # For our reputation or their policy: this message is lost and another channel takes over, but it says nothing against
    # the address. Suppressing it would lose a whole mail provider's customers to one bad day of ours.
    "blocked": ErrorCode.TURNED_AWAY,
}
