"""The HTTP intake: takes posts of union software and stores them; ``intake_worker`` publishes them."""

from prometheus_client import start_http_server

from mobility import addresses
from mobility.answering import NamesItsRun
from mobility.endpoints import Endpoints
from mobility.home_lock import run_id
from mobility.roles.intake_whereabouts import StoreWhereabouts
from mobility.roles.logs import log_to_stderr
from mobility.settings import Settings
from producers.http.app import create_app
from producers.http.desk import PostDesk
from producers.http.server import serve


def run(settings: Settings, at: Endpoints) -> None:
    """Until SIGTERM. Kafka may be away: posts are stored all the same."""
    log_to_stderr(settings.log_level)
    if settings.metrics_port:
        start_http_server(settings.metrics_port, addr="127.0.0.1")
    desk = PostDesk(dsn=at.postgres, home=settings.folder, whereabouts=StoreWhereabouts(at.postgres))
    app = create_app(desk)
    app.add_middleware(NamesItsRun, run=run_id(settings.folder))
    serve(app, host=settings.intake_host, port=addresses.intake(settings).port)
