"""Lob's codes in our words; what is not listed is kept raw as UNKNOWN.

source: OpenAPI document of Lob's API, 1.22.0
"""

from messaging.enums import ErrorCode

CODES = {
    # the address
    "failed_deliverability_strictness": ErrorCode.INVALID_ADDRESS,  # undeliverable, by the account's own setting
    "address_length_exceeds_limit": ErrorCode.REJECTED_CONTENT,
    "foreign_return_address": ErrorCode.CONFIGURATION,
    # the letter
    "invalid_template_html": ErrorCode.REJECTED_CONTENT,
    "file_pages_exceed_max": ErrorCode.REJECTED_CONTENT,
    "file_size_exceeds_limit": ErrorCode.REJECTED_CONTENT,
    "unembedded_fonts": ErrorCode.REJECTED_CONTENT,
    "merge_variable_required": ErrorCode.REJECTED_CONTENT,
    # the account: an operator has to act
    "invalid_api_key": ErrorCode.AUTHENTICATION,
    "unauthorized": ErrorCode.AUTHENTICATION,
    "mail_use_type_can_not_be_null": ErrorCode.CONFIGURATION,
    "feature_limit_reached": ErrorCode.CONFIGURATION,
    "payment_method_unverified": ErrorCode.CONFIGURATION,
    "billing_address_required": ErrorCode.CONFIGURATION,
    # the moment
    "rate_limit_exceeded": ErrorCode.RATE_LIMITED,
}
STATUSES = {
    401: ErrorCode.AUTHENTICATION,
    403: ErrorCode.AUTHENTICATION,  # the key may not do this, or the plan is not paid
    429: ErrorCode.RATE_LIMITED,
}
