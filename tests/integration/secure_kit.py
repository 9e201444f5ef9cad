"""A broker as a country runs it, in a folder: TLS, logins, client certificates, and rules that deny all the rest."""

import datetime
import ipaddress
import secrets
import shutil
import signal
import socket
import time
from collections.abc import Iterable
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from kafka import KafkaAdminClient
from kafka.admin import (
    ACL,
    ACLOperation,
    ACLPermissionType,
    ACLResourcePatternType,
    ResourcePattern,
    ResourceType,
    ScramMechanism,
    UserScramCredentialUpsertion,
)

import deploy.local
from deploy.acls import rules
from deploy.local import jvm, ports, process
from deploy.local.kafka_storage import ensure_formatted

MAIN = "kafka.Kafka"
LISTENERS = ("plaintext", "sasl_ssl", "ssl", "sasl_plaintext", "controller")


def quiet(*_: object, **__: object) -> None:
    """What the services say on their way is of no interest here."""


class Authority:
    """Signs certificates; its own is ``NAME.ca.pem``."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder, self.key, self.name = folder, ec.generate_private_key(ec.SECP256R1()), _name(name)
        self.certificate = self._sign(self.name, self.key, authority=True)
        self.file = folder / f"{name}.ca.pem"
        self.file.write_bytes(_pem(self.certificate))

    def issue(self, name: str) -> tuple[Path, Path]:
        """Certificate (for 127.0.0.1 too) and key as PEM files."""
        key = ec.generate_private_key(ec.SECP256R1())
        certificate, secret = self.folder / f"{name}.pem", self.folder / f"{name}.key"
        certificate.write_bytes(_pem(self._sign(_name(name), key)))
        secret.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        return certificate, secret

    def _sign(self, who: x509.Name, key: ec.EllipticCurvePrivateKey, *, authority: bool = False) -> x509.Certificate:
        now = datetime.datetime.now(datetime.UTC)
        made = (
            x509.CertificateBuilder()
            .subject_name(who)
            .issuer_name(self.name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(hours=1))
            .not_valid_after(now + datetime.timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
            .add_extension(
                x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
            )
        )
        return made.sign(self.key, hashes.SHA256())


class SecureBroker:
    """One node that listens on every kind of line; nothing is allowed but by a rule."""

    def __init__(self, home: Path) -> None:
        self.folder = (home / "kafka").resolve()
        self.folder.mkdir(parents=True)
        (home / "logs").mkdir()
        self.authority = Authority(self.folder, "ours")
        self.passwords: dict[str, str] = {}
        at = ports.assign(self.folder / "ports.json", list(LISTENERS))
        self.at = {name: f"{ports.HOST}:{port}" for name, port in at.items()}
        self.port = at["plaintext"]
        settings = self._settings()
        (self.folder / "server.properties").write_text(f"{settings}log.dirs=data\n", encoding="ascii")
        source = Path(deploy.local.__file__).parent
        shutil.copyfile(source / "log4j2.properties", self.folder / "log4j2.properties")
        self.classpath = deploy.local.kafka_classpath(say=quiet)
        ensure_formatted(self.folder, settings, self.classpath, say=quiet)
        self._start(home)
        self.admin = KafkaAdminClient(bootstrap_servers=self.at["plaintext"])

    def _settings(self) -> str:
        source = Path(deploy.local.__file__).parent / "server.properties"
        certificate, key = self.authority.issue("broker")
        keystore = self.folder / "broker.keystore.pem"
        keystore.write_bytes(key.read_bytes() + certificate.read_bytes())
        listeners = [f"{name.upper()}://{self.at[name]}" for name in LISTENERS]
        return source.read_text("ascii") + "\n".join(
            [
                "",
                f"listeners={','.join(listeners)}",
                f"advertised.listeners={','.join(listeners[:-1])}",
                "listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SASL_SSL:SASL_SSL,SSL:SSL,"
                "SASL_PLAINTEXT:SASL_PLAINTEXT",
                f"controller.quorum.voters=1@{self.at['controller']}",
                "sasl.enabled.mechanisms=SCRAM-SHA-512,SCRAM-SHA-256",
                *(
                    f"listener.name.{line}.scram-sha-{size}.sasl.jaas.config="
                    "org.apache.kafka.common.security.scram.ScramLoginModule required;"
                    for line in ("sasl_ssl", "sasl_plaintext")
                    for size in (256, 512)
                ),
                f"ssl.keystore.type=PEM\nssl.keystore.location={keystore}",
                f"ssl.truststore.type=PEM\nssl.truststore.location={self.authority.file}",
                "listener.name.ssl.ssl.client.auth=required",
                "authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                "super.users=User:ANONYMOUS",  # who comes by the plain line, which only these tests know of
                "",
            ]
        )

    def _start(self, home: Path) -> None:
        cache = jvm.start_up_cache(self.classpath)
        options = [f"-XX:AOTCache={cache}"] if cache.exists() else []
        argv = [str(jvm.java()), *jvm.OPTIONS, *options, MAIN, "server.properties"]
        out = home / "logs" / "kafka.out"
        self.pid = process.launch(argv, folder=self.folder, out=out, env=jvm.environment(self.classpath))
        until = time.monotonic() + 60
        while not self._listens():
            log = home / "logs" / "kafka.log"
            assert time.monotonic() < until, f"the broker did not start: {process.tail(log, out)}"
            time.sleep(0.1)

    def _listens(self) -> bool:
        try:
            socket.create_connection((ports.HOST, self.port), timeout=1).close()
        except OSError:
            return False
        return True

    def user(self, name: str, *parts: str, mechanism: str = "SCRAM-SHA-512") -> Path:
        """A login that may do what these parts of ``acls.toml`` do (none named: nothing). Gives its password's file."""
        password = self.passwords[name] = secrets.token_urlsafe(18)
        kind = ScramMechanism[mechanism.replace("-", "_")]
        told = self.admin.alter_user_scram_credentials([UserScramCredentialUpsertion(name, kind, password)])
        assert not any(told.values()), told
        if parts:
            self.allow(f"User:{name}", parts)
        file = self.folder / f"{name}.password"
        file.write_text(password + "\n")
        return file

    def allow(self, principal: str, parts: Iterable[str]) -> None:
        """Rules for a principal."""
        kinds = {
            "topic": ResourceType.TOPIC,
            "group": ResourceType.GROUP,
            "transactional-id": ResourceType.TRANSACTIONAL_ID,
        }
        wanted = []
        for rule in rules(parts):
            how = ACLResourcePatternType.PREFIXED if rule.prefixed else ACLResourcePatternType.LITERAL
            place = ResourcePattern(kinds[rule.kind], rule.name, how)
            operation = ACLOperation[rule.operation.upper()]
            wanted.append(ACL(principal, "*", operation, ACLPermissionType.ALLOW, place))
        assert not self.admin.create_acls(wanted)["failed"]

    def end(self) -> None:
        """Its folder is thrown away."""
        self.admin.close()
        process.end(self.pid, self.folder, MAIN, first=signal.SIGKILL, seconds=10)


def _name(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)
