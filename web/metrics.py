"""Metrics for Prometheus: how the rounds are doing, in numbers without anybody's name."""

from collections.abc import Iterator
from datetime import UTC, datetime

from prometheus_client import CollectorRegistry, PlatformCollector, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from models.database import reading
from queries import health
from web import refusals


class RoundsCollector(Collector):
    """Reads the numbers at each scrape: nothing is counted in memory, so nothing is lost at a restart."""

    def collect(self) -> Iterator[Metric]:
        """Yield each family of metrics."""
        now = datetime.now(UTC)
        with reading() as session:
            yield _family("jingpin_rounds", "Rounds by state", "state", health.rounds_by_state(session))
            yield _family("jingpin_open_steps", "Steps that wait for people", "kind", health.open_steps(session))
            yield _family("jingpin_messages", "Messages by state", "state", health.messages(session))
            yield _one("jingpin_documents", "Documents filed", health.documents(session))
            yield _one("jingpin_overdue_steps", "Steps not closed in time", len(health.overdue(session, now=now)))
            yield _one("jingpin_stuck_rounds", "Rounds that nobody conducts", len(health.stuck(session, now=now)))
            yield _one("jingpin_blocked_steps", "Steps that something stops", len(health.blocked(session)))
            number, oldest = health.signals_waiting(session)
            yield _one("jingpin_signals_waiting", "Signals not delivered yet", number)
            age = (now - oldest).total_seconds() if oldest else 0
            yield _one("jingpin_oldest_signal_seconds", "Age of the oldest signal", age)


def _family(name: str, said: str, label: str, values: dict[str, int]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, said, labels=[label])
    for key, value in sorted(values.items()):
        family.add_metric([key], value)
    return family


def _one(name: str, said: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, said, value=value)


def text() -> bytes:
    """Return all metrics in Prometheus' text format."""
    registry = CollectorRegistry()
    ours = (RoundsCollector(), refusals.COUNTED)
    for collector in (*ours, ProcessCollector(registry=None), PlatformCollector(registry=None)):
        registry.register(collector)
    return generate_latest(registry)
