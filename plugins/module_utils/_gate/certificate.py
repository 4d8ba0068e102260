# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The certificate of the gate's RTMPS, taken anew when its files change. Nobody is dropped for it.

PRIVATE to the collection.
"""

from __future__ import annotations

import os
import ssl

from ansible_collections.streamward.antmedia.plugins.module_utils._gate import policy as _policy


class Tls:
    """A context whose certificate is that of two files.

    why: what is wrong with the files as they are; the certificate before stays in use then.
    """

    def __init__(self) -> None:
        self.context: ssl.SSLContext | None = None
        self.why = ""
        self._seen: object = None

    def look(self, certificate: _policy.Certificate | None, again: bool = False) -> None:
        """Have the certificate of some files.

        :kwarg again: read them whether they have changed or not.
        """
        seen = certificate and (certificate, *map(_mark, vars(certificate).values()))
        if seen == self._seen and not again:
            return
        self._seen, self.why = seen, ""
        if not certificate:
            self.context = None
            return
        try:
            context = _context(certificate)
        except (OSError, ValueError) as error:  # of OpenSSL, too
            self.why = f"the certificate cannot be used: {getattr(error, 'reason', None) or error}"
            return
        if self.context is None:
            self.context = context
        else:
            self.context.load_cert_chain(certificate.certificate, certificate.key, _no_password)


def _context(certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(certificate.certificate, certificate.key, _no_password)
    return context


def _no_password():
    raise ValueError("its key has a password")


def _mark(path):
    try:
        status = os.stat(path)
    except OSError as error:
        return error.errno
    return status.st_ino, status.st_mtime_ns, status.st_size
