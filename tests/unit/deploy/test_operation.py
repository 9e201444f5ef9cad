"""What operators are given speaks of what there is: metrics, topics, parts."""

import importlib
import re
from pathlib import Path

from prometheus_client import REGISTRY

from deploy.acls import Rule, commands, main, parts, rules
from schemas.topics import topic_table
from streams.app import GROUP, stages

ROOT = Path(__file__).parents[3]
METRICS = ("streams.engine.metrics", "consumers.store.metrics", "producers.http.metrics", "mobility.rolling.metrics")


def metrics_there_are() -> set[str]:
    for module in METRICS:
        importlib.import_module(module)
    kinds = {"counter": "_total"}
    return {family.name + kinds.get(family.type, "") for family in REGISTRY.collect()}


def test_every_metric_that_an_alert_or_the_page_for_operators_names_exists() -> None:
    there = metrics_there_are()
    for file in ("deploy/prometheus/alerts.yaml", "docs/operations.md"):
        named = set(re.findall(r"mobility_[a-z]+_[a-z_]+", (ROOT / file).read_text("utf-8")))
        assert named
        assert named <= there, file


def test_rules_name_topics_of_the_table_and_ids_of_the_steps() -> None:
    topics = {rule.name for rule in rules() if rule.kind == "topic"}
    assert topics == set(topic_table())
    prefixes = {rule.name for rule in rules(["streams"]) if rule.kind == "transactional-id"}
    assert prefixes == {f"{GROUP}.{stage.name}." for stage in stages(4)}
    assert {rule.name for rule in rules() if rule.kind == "group"} == {GROUP}


def test_the_streams_read_and_write_what_their_stages_say() -> None:
    found = rules(["streams"])
    reads = {rule.name for rule in found if rule.kind == "topic" and rule.operation == "Read"}
    writes = {rule.name for rule in found if rule.kind == "topic" and rule.operation == "Write"}
    every = stages(4)
    assert reads == {topic for stage in every for topic in (stage.source, stage.changelog)}
    assert writes == {
        topic for stage in every for topic in (stage.changelog, stage.dead, *stage.routed, *stage.same_partition)
    }


def test_rules_come_as_commands_once_each() -> None:
    lines = list(commands("mobility", ["store", "clock"], "kafka:9093"))
    assert len(lines) == len(set(lines)) == len(rules(["store", "clock"]))
    assert Rule("transactional-id", "mobility.clock", "Write") in rules(["clock"])
    assert any("--operation Write --transactional-id 'mobility.clock'" in line for line in lines)
    assert all("--bootstrap-server kafka:9093" in line and "'User:mobility'" in line for line in lines)
    prefixed = [line for line in commands("mobility", ["streams"]) if "prefixed" in line]
    assert len(prefixed) == 6


def test_a_part_that_is_none_is_wrong_usage() -> None:
    assert main(["mobility", "nobody"]) == 2
    assert main([]) == 2
    assert set(parts()) >= {"setup", "streams", "store", "intake", "operator"}
