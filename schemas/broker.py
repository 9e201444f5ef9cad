"""How a client gets into Kafka: addresses, encryption and login, as one value that every component hands on."""

import contextlib
import ssl
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

Protocol = Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"]
Mechanism = Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"]


class BrokerFileError(OSError):
    """A file with a password, a certificate or a key can't be used; the sentence names the setting and the file.

    To whoever is at work already it is like a broker that is away: it passes once the file is there again.
    """


class Access(NamedTuple):
    """The way into a Kafka that asks who is there. Holds the names of files, never what they say.

    ``password_file`` goes with the two protocols of SASL; ``certificate_file`` and ``key_file`` (PEM) are the client's
    own, where the broker wants one; ``ca_file`` (PEM) says who may sign the broker's, None: whom this machine trusts.
    """

    protocol: Protocol
    mechanism: Mechanism = "SCRAM-SHA-512"
    user: str = ""
    password_file: Path | None = None
    ca_file: Path | None = None
    certificate_file: Path | None = None
    key_file: Path | None = None

    @property
    def encrypted(self) -> bool:
        """Whether lines to the broker are TLS."""
        return self.protocol in ("SSL", "SASL_SSL")

    @property
    def logs_in(self) -> bool:
        """Whether user and password are asked for."""
        return self.protocol in ("SASL_PLAINTEXT", "SASL_SSL")

    def arguments(self) -> dict[str, Any]:
        """Of a client of aiokafka or kafka-python, which name them alike. Raises BrokerFileError.

        Files are read each time, so a client that is made after a password or certificate was changed has the new one.
        """
        found: dict[str, Any] = {"security_protocol": self.protocol}
        if self.encrypted:
            found["ssl_context"] = self.context()
        if self.logs_in:
            found |= {
                "sasl_mechanism": self.mechanism,
                "sasl_plain_username": self.user,
                "sasl_plain_password": self.password(),
            }
        return found

    def password(self) -> str:
        """The first line of its file. Raises BrokerFileError."""
        path = self.password_file or Path()
        try:
            lines = path.read_text("utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise _unusable("PASSWORD_FILE", path, error) from error
        if not lines or not lines[0]:
            raise BrokerFileError(
                f"MOBILITY_KAFKA_PASSWORD_FILE: the first line of {path} holds no password. Write it."
            )
        return lines[0]

    def context(self) -> ssl.SSLContext:
        """TLS 1.2 or newer, the broker's name and certificate checked. Raises BrokerFileError."""
        files = (self.ca_file, self.certificate_file, self.key_file)
        return _context(*files, tuple(path.stat().st_mtime_ns if path and path.exists() else 0 for path in files))


class Broker(str):
    """The addresses of a Kafka (``host:port``, several with commas) together with the way in.

    A plain string is a Kafka that lets everybody in. Text made of one (a log line, JSON, an error) shows the addresses.
    """

    access: Access

    def __new__(cls, addresses: str, access: Access) -> "Broker":
        made = super().__new__(cls, addresses)
        made.access = access
        return made


def addresses(broker: str) -> list[str]:
    """``host:port`` each; brackets around an IPv6 address."""
    return [address.strip() for address in broker.split(",") if address.strip()]


def client_arguments(broker: str) -> dict[str, Any]:
    """What every client of aiokafka or kafka-python is made with. Raises BrokerFileError."""
    found: dict[str, Any] = {"bootstrap_servers": addresses(broker)}
    if isinstance(broker, Broker):
        found |= broker.access.arguments()
    return found


class _SoonClosed(ssl.SSLObject):
    """Says good-bye and does not wait for the answer, as TLS allows (RFC 8446, section 6.1).

    A broker that holds a fetch open answers late or never: each close of a consumer took the event loop's 30 s.
    """

    def unwrap(self) -> None:
        """Our good-bye is written; the other side's is not waited for."""
        with contextlib.suppress(ssl.SSLWantReadError):
            super().unwrap()


@lru_cache(maxsize=8)
def _context(ca: Path | None, certificate: Path | None, key: Path | None, _: tuple[int, ...]) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=ca)
    except (OSError, ssl.SSLError) as error:
        raise _unusable("CA_FILE", ca, error) from error
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.sslobject_class = _SoonClosed
    if certificate is not None:
        for name, path in (("CERTIFICATE_FILE", certificate), ("KEY_FILE", key)):
            if path is not None and not path.is_file():
                raise _unusable(name, path, FileNotFoundError(2, "there is no such file"))
        try:
            context.load_cert_chain(certificate, key, password="")  # never asks for one
        except (OSError, ssl.SSLError) as error:
            raise _unusable("CERTIFICATE_FILE", certificate, error) from error
    return context


def _unusable(setting: str, path: Path | None, error: Exception) -> BrokerFileError:
    """Never what the file says: a reason that OpenSSL or the system gives holds no content."""
    if isinstance(error, ssl.SSLError):
        reason = f"no PEM file that fits ({error.reason or 'unreadable'}); a key with a passphrase can't be used"
    elif isinstance(error, OSError):
        reason = error.strerror or type(error).__name__
    else:
        reason = "not a text in UTF-8"
    return BrokerFileError(
        f"MOBILITY_KAFKA_{setting}: {path} can't be read: {reason}. Correct the setting or the file."
    )
