"""Settings, read once from the environment (``MOBILITY_…``); one that is set but empty counts as unset.

One variable is read elsewhere: ``MOBILITY_CACHE``, the folder of what is fetched once a machine
(``deploy.local.cache``).
"""

import os
from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from schemas.broker import Mechanism, Protocol, addresses

LAST_PORT = 65_535


class Settings(BaseSettings):
    """Without any of them everything runs embedded, on this machine, in one folder."""

    model_config = SettingsConfigDict(env_prefix="MOBILITY_", env_ignore_empty=True)

    home: Path = Field(default=Path(".mobility"), description="folder of all data, logs and keys")
    kafka: str = Field(default="", description="host:port[,host:port] of a Kafka that exists; empty: the embedded one")
    kafka_protocol: Protocol = Field(
        default="PLAINTEXT", description="encryption (…SSL) and login (SASL_…) of that Kafka"
    )
    kafka_mechanism: Mechanism = Field(default="SCRAM-SHA-512", description="how a login of SASL_… proves its password")
    kafka_user: str = Field(default="", description="name of the login")
    kafka_password_file: Path | None = Field(default=None, description="file whose first line is the login's password")
    kafka_ca_file: Path | None = Field(default=None, description="PEM of who signs brokers; unset: the system's")
    kafka_certificate_file: Path | None = Field(default=None, description="PEM of the client's certificate, if wanted")
    kafka_key_file: Path | None = Field(default=None, description="PEM of its key, without a passphrase")
    postgres: str = Field(default="", description="DSN of a PostgreSQL that exists; empty: the embedded one")
    partitions: int = Field(default=4, ge=1, description="partitions of the topics; fixed once events exist")
    replication: int = Field(default=1, ge=1, description="replicas of each topic")
    workers: int = Field(default=1, ge=1, description="stream worker processes")
    clock: Literal["automatic", "manual"] = Field(default="automatic", description="manual: only mobility clock --to")
    page_host: str = Field(default="127.0.0.1", description="address that the watch page listens on")
    page_port: int = Field(
        default=0, ge=0, le=LAST_PORT, description="port of the watch page; 0: a free one, kept from then on"
    )
    page_proxy: str = Field(
        default="",
        description="addresses of proxies before the page whose X-Forwarded-For and X-Forwarded-Proto are believed",
    )
    intake_host: str = Field(default="127.0.0.1", description="address that the HTTP intake listens on")
    intake_port: int = Field(
        default=0, ge=0, le=LAST_PORT, description="port of the HTTP intake; 0: a free one, kept from then on"
    )
    metrics_port: int = Field(
        default=0,
        ge=0,
        le=LAST_PORT - 100,
        description="first of the ports with Prometheus metrics, one a process; 0: none",
    )
    verify_share: float = Field(
        default=0.03,
        ge=0,
        le=1,
        description="share of the time that the rolling check may be at work; 0: it does not run",
    )
    receipt_days: int = Field(
        default=400,
        ge=7,
        le=36_500,
        description="days that receipts and idempotency keys of the HTTP intake are kept after a post came to rest",
    )
    drop: Path | None = Field(default=None, description="folder whose files are taken in by themselves; unset: none")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"] = Field(default="INFO")

    @field_validator("kafka")
    @classmethod
    def _names_ports(cls, kafka: str) -> str:
        """ValueError for an address that no client could use."""
        for address in addresses(kafka):
            host, _, port = address.rpartition(":")
            if not (host and port.isascii() and port.isdecimal() and 0 < int(port) <= LAST_PORT):
                raise ValueError(f"{address} is not host:port")
        return kafka

    @field_validator("home")
    @classmethod
    def _a_folder(cls, home: Path) -> Path:
        for folder in (wanted := home.expanduser(), *wanted.parents):
            if os.path.isfile(folder):  # noqa: PTH113 - a folder that may not be looked into is told by who writes there
                raise ValueError(f"{folder} is a file, no folder: name a folder that exists or is to be made")
        return home

    @field_validator("log_level", mode="before")
    @classmethod
    def _in_capitals(cls, level: str) -> str:
        return level.upper()

    @property
    def folder(self) -> Path:
        """The home folder, absolute."""
        return self.home.expanduser().resolve()
