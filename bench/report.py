"""The figures of all runs: medians, spread, ratios; as a table to read and as JSON."""

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from bench.latency import Latency
from bench.measure import Measured
from bench.recovery import Recovery


def summary(measured: Sequence[Measured]) -> list[dict[str, Any]]:
    """One row a name, in the order of their first runs: medians; ``spread`` is the lowest and highest events/s."""
    rows = []
    for name in dict.fromkeys(one.name for one in measured):
        runs = [one for one in measured if one.name == name]
        speeds = [one.events_per_s for one in runs]
        median = {
            figure: round(statistics.median(getattr(one, figure) for one in runs), 2)
            for figure in ("events_per_s", "cpu_s_per_million", "rss_mb", "broker_cpu_s_per_million")
        }
        spread = {"spread": [round(min(speeds)), round(max(speeds))], "runs": len(runs)}
        rows.append(
            {
                "name": name,
                **median,
                **spread,
                "events": runs[0].events,
                "wrong_units": max(one.wrong_units for one in runs),
                "settings": runs[0].settings,
            }
        )
    return rows


def row(one: Measured) -> dict[str, Any]:
    """A single run."""
    return summary([one])[0]


def plain(found: Iterable[Latency | Recovery]) -> list[dict[str, Any]]:
    """Rows for JSON."""
    return [
        {name: round(value, 2) if isinstance(value, float) else value for name, value in asdict(one).items()}
        for one in found
    ]


def table(result: dict[str, Any]) -> str:
    """Everything of ``run``'s result as text."""
    rows = result["runs"]
    speed = {one["name"]: one["events_per_s"] for one in rows}
    lines = [
        f"{result['machine']}; load before {result['load_before']}; {result['events']:,} facts; {result['seconds']} s",
        "",
        f"{'':26}{'events/s':>10}{'lowest':>10}{'highest':>10}{'ours/':>8}{'full/':>8}"
        f"{'CPU s/M':>9}{'broker':>8}{'MB':>7}"
        "  settings",
    ]
    for one in rows:
        ratios = [speed.get(name, 0.0) / one["events_per_s"] for name in ("ours", "ours-full-rules")]
        low, high = one["spread"]
        lines.append(
            f"{one['name']:26}{one['events_per_s']:>10,.0f}{low:>10,}{high:>10,}{ratios[0]:>7.2f}x{ratios[1]:>7.2f}x"
            f"{one['cpu_s_per_million']:>9.1f}{one['broker_cpu_s_per_million']:>8.1f}{one['rss_mb']:>7.0f}"
            f"  {_settings(one)}"
        )
    sections = [
        (
            "Latency, fact to committed status",
            "latency",
            "{name:26}{rate:>7,}/s   p50 {p50_ms:7.1f} ms   p99 {p99_ms:7.1f} ms",
        ),
        (
            "Start of a worker until it works again",
            "recovery",
            "{facts:>12,} facts before {seconds:8.2f} s{rss_mb:8.0f} MB; {keys:,} keys of {entries:,} entries in "
            "{state_seconds:.2f} s, bare consumer {bare_seconds:.2f} s",
        ),
        ("Growth", "growth", "{events:>12,} facts {events_per_s:>10,.0f} events/s {rss_mb:>8.0f} MB"),
    ]
    for title, name, form in sections:
        lines += _section(title, [form.format(**one) for one in result[name]])
    tried = [
        f"{one['name']:26}{one['events_per_s']:>10,.0f} events/s {one['cpu_s_per_million']:7.1f} CPU s/M  "
        f"{_settings(one)}"
        for one in result["settings_tried"]
    ]
    lines += _section("Settings tried, once each", tried)
    lines += _section("Left out", result["left_out"])
    return "\n".join(lines)


def _settings(one: dict[str, Any]) -> str:
    wrong = [f"({one['wrong_units']} units wrong)"] if one["wrong_units"] else []
    return " ".join([f"{name}={value}" for name, value in one["settings"].items()] + wrong)


def _section(title: str, rows: list[str]) -> list[str]:
    return ["", title, *rows] if rows else []
