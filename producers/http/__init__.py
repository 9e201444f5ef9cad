"""HTTP intake for union software: posts are on disk before they are answered, and published later, each exactly once.

    app = create_app(PostDesk(dsn=..., home=Path(".mobility"), whereabouts=...))
    serve(app, host="127.0.0.1", port=8200)                                        # one process
    work(dsn=..., kafka=..., home=..., whereabouts=..., stop=threading.Event())    # another one

- ``app.create_app(desk) -> FastAPI``, ``server.serve(app, *, host, port)``: routes below ``/v1``; all but health need a
  key.
- ``worker.work(*, dsn, kafka, home, whereabouts, stop, clock)``: takes posts in their order through
  ``producers.session``, as ``mobility ingest`` takes files.
- ``keys.create_key``, ``list_keys``, ``revoke_key``: who may post, for which feeds, enterprises, unions and areas.
- ``seeing.seen_posts``, ``settling.retry``, ``refuse``: held posts in the hands of an operator; ``sweeping.sweep``: how
  long receipts are kept.
- ``whereabouts.Whereabouts``: where enterprises are and whom unions cover; given by what joins the packages.
"""
