"""Fixtures of every test: the services, shared by the whole session."""

pytest_plugins = ("tests.services",)
