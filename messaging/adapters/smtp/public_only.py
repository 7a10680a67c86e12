"""A mail backend that connects to addresses of the open network only: the host is typed by a dealership's admin.

Looked at when it connects, with the address that is then used, so that a name that changes its mind gains nothing.
"""

from __future__ import annotations

import smtplib
import socket

from django.core.mail.backends.smtp import EmailBackend

from common.http import is_public


class PrivateAddress(OSError):
    """The host is none of the open network."""


class PublicOnlyBackend(EmailBackend):
    """Django's backend, with connections that refuse private addresses."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _TlsFromTheStart if self.use_ssl else _Plain


class _Plain(smtplib.SMTP):
    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        return super()._get_socket(public_address(host, port), port, timeout)  # type: ignore[misc, no-any-return]  # smtplib's own hook


class _TlsFromTheStart(smtplib.SMTP_SSL):
    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        """The certificate is compared with the name that was asked for all the same (`_host`)."""
        return super()._get_socket(public_address(host, port), port, timeout)  # type: ignore[misc, no-any-return]  # as above


def public_address(host: str, port: int) -> str:
    """Return the first public address of a host.

    raises: PrivateAddress if it has none; OSError if it has no address at all
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    for *_, address in found:
        if is_public(str(address[0])):
            return str(address[0])
    raise PrivateAddress("no public address")
