# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What is wrong with a certificate that a browser would not take.

PRIVATE to the collection.
"""

from __future__ import annotations

import os
import ssl
import time
from dataclasses import dataclass

from ansible_collections.streamward.antmedia.plugins.module_utils import _json
from ansible_collections.streamward.antmedia.plugins.module_utils._server import (
    link as _link,
    tls as _tls,
)

DAY = 86400
# One that ends sooner should have been renewed by now.
SOON_DAYS = 14
SOON = "valid, but ends in"
MOST_NAMES = 4

# Of OpenSSL, which Python does not name in all its versions.
_PARTIAL_CHAIN, _NO_CHECK_TIME = 0x80000, 0x200000
_UNTRUSTED = {
    18: "is self-signed",
    19: "is of an authority of its own, which this machine does not trust",
    20: "is of an authority that this machine does not trust, or came without the ones between",
    21: "is of an authority that this machine does not trust, or came without the ones between",
}


def _trusting(certificate: bytes, by_name: bool) -> ssl.SSLContext:
    """Whatever else is wrong with a certificate, it is taken for what it says."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(cadata=certificate)
    context.verify_flags |= _PARTIAL_CHAIN | _NO_CHECK_TIME
    context.check_hostname = by_name
    return context


def _by_authority() -> ssl.SSLContext:
    """Only who has signed it counts."""
    context = _tls.strict()
    context.check_hostname = False
    context.verify_flags |= _NO_CHECK_TIME
    return context


@dataclass(frozen=True)
class Certificate:
    """What is shown for a host. until: Unix seconds. faults: why it is not taken, in words."""

    until: float
    faults: tuple[str, ...] = ()

    def words(self, now: float) -> str:
        """In a line."""
        day = time.strftime("%Y-%m-%d", time.gmtime(self.until))
        if self.faults:
            end = f" (it ends on {day})" if self.until > now else ""
            return "; ".join(f"it {fault}" for fault in self.faults) + end
        days = int((self.until - now) // DAY)
        if days < SOON_DAYS:
            return f"{SOON} {_days(days)}, on {day}"
        return f"valid for {_days(days)}, until {day}"


def look(host: str, port: int, seconds: float) -> Certificate:
    """What is shown at a port for a host, and all that is wrong with it.

    :arg seconds: for all of it.
    :raises OSError: when nobody shows one, or this machine could not tell a good one.
    """
    limit = time.monotonic() + seconds

    def shown(context, binary=False):
        link = _link.connect(host, port, limit - time.monotonic())
        try:
            with _tls.over(link, host, context) as tls:
                return tls.getpeercert(binary_form=binary)
        finally:
            link.close()

    try:
        return Certificate(_moment(shown(_tls.strict()), "notAfter"))
    except ssl.SSLCertVerificationError:
        certificate = shown(_tls.lax(), binary=True)
    try:
        found = shown(_trusting(certificate, by_name=False))
    except ssl.SSLCertVerificationError as error:  # a key that is too weak, and the like
        return Certificate(0.0, (f"is refused: {error.verify_message}",))
    faults = list(_untimely(found, time.time()))
    try:
        shown(_trusting(certificate, by_name=True))
    except ssl.SSLCertVerificationError:
        faults.append(f"is for {_names(found)}, not for {host}")
    try:
        shown(_by_authority())
    except ssl.SSLCertVerificationError as error:
        if trusts_nobody():
            raise OSError("this machine trusts no authority: install ca-certificates") from None
        faults.append(_UNTRUSTED.get(error.verify_code) or f"is refused: {error.verify_message}")
    return Certificate(_moment(found, "notAfter"), tuple(faults or ["is refused"]))


def _untimely(found, now):
    begin, end = _moment(found, "notBefore"), _moment(found, "notAfter")
    if now < begin:
        yield f"is not valid before {time.strftime('%Y-%m-%d', time.gmtime(begin))}"
    if now > end:
        day = time.strftime("%Y-%m-%d", time.gmtime(end))
        yield f"expired {_days(int((now - end) // DAY))} ago, on {day}"


def _days(number):
    return "1 day" if number == 1 else f"{number} days"


def _moment(found, name):
    return float(ssl.cert_time_to_seconds(found[name]))


def _names(found):
    """Who a certificate is for, in words; it says what it likes."""
    names = [name for _kind, name in found.get("subjectAltName", ())]
    if not names:
        subject = [pair for part in found.get("subject", ()) for pair in part]
        names = [name for kind, name in subject if kind == "commonName"]
    more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
    return (", ".join(_json.words(name, 80) for name in names[:MOST_NAMES]) or "nobody") + more


def trusts_nobody() -> bool:
    """Whether this machine has no certificates of authorities, so that it can tell nothing."""
    paths = ssl.get_default_verify_paths()
    context = ssl.create_default_context()
    if context.cert_store_stats()["x509_ca"]:
        return False
    try:
        return not paths.capath or not os.listdir(paths.capath)
    except OSError:
        return True
