"""`tf.contrib.testing`: what a test asks of summaries, in files or from a writer that keeps them."""

from __future__ import annotations

import glob
import os
from collections.abc import Collection, Iterable, Mapping
from typing import Any, ClassVar

import numpy as np
import tensorflow as tf

from .. import _tensorflow as _tf

__all__ = [
    "FakeSummaryWriter",
    "assert_summary",
    "latest_event_file",
    "latest_events",
    "latest_summaries",
    "simple_values_from_events",
    "to_summary_proto",
]


class FakeSummaryWriter:
    """Takes the place of `tf.summary.FileWriter` in TensorFlow's hooks, and keeps what it is given.

    `install()` puts the class in that place and `uninstall()` takes it out again; either raises ValueError where
    there is nothing to do. `summaries` maps a global step to the `tf.Summary` protos added at it.
    """

    _replaced: ClassVar[Any] = None

    @classmethod
    def install(cls) -> None:
        """Have the hooks make this class from now on."""
        if cls._replaced is not None:
            raise ValueError("FakeSummaryWriter already installed.")
        cls._replaced = _tf.replace_file_writer(FakeSummaryWriter)

    @classmethod
    def uninstall(cls) -> None:
        """Have the hooks write files again."""
        if cls._replaced is None:
            raise ValueError("FakeSummaryWriter not installed.")
        _tf.replace_file_writer(cls._replaced)
        cls._replaced = None

    def __init__(self, logdir: str, graph: Any = None) -> None:
        self.summaries: dict[Any, list[Any]] = {}
        self._logdir, self._graph = logdir, graph
        self._graphs: list[Any] = []
        self._meta_graphs: list[Any] = []
        self._session_logs: list[Any] = []
        self._added_run_metadata: dict[str, Any] = {}

    def assert_summaries(
        self,
        test_case: Any,
        expected_logdir: str | None = None,
        expected_graph: Any = None,
        expected_summaries: Mapping[Any, Mapping[str, float]] | None = None,
        expected_added_graphs: list[Any] | None = None,
        expected_added_meta_graphs: list[Any] | None = None,
        expected_session_logs: list[Any] | None = None,
    ) -> None:
        """Fail the test case where what was added is not what is expected; None expects nothing in particular.

        expected_summaries: step -> tag -> simple value; "global_step/sec", whose value nobody knows, does not count.
        """
        if expected_logdir is not None:
            test_case.assertEqual(expected_logdir, self._logdir)
        if expected_graph is not None:
            test_case.assertIs(expected_graph, self._graph)
        for step, expected in (expected_summaries or {}).items():
            test_case.assertIn(step, self.summaries)
            values = [value for summary in self.summaries[step] for value in summary.value]
            test_case.assertEqual(expected, {v.tag: v.simple_value for v in values if v.tag != "global_step/sec"})
        for expected_list, added in (
            (expected_added_graphs, self._graphs),
            (expected_added_meta_graphs, self._meta_graphs),
            (expected_session_logs, self._session_logs),
        ):
            if expected_list is not None:
                test_case.assertEqual(expected_list, added)

    def add_summary(self, summ: Any, current_global_step: Any) -> None:
        """Keep a `tf.Summary`, or one that is serialized."""
        self.summaries.setdefault(current_global_step, []).append(
            to_summary_proto(summ) if isinstance(summ, bytes) else summ
        )

    def add_graph(self, graph: Any, global_step: int | None = None, graph_def: Any = None) -> None:
        """Keep a graph."""
        _check_step(global_step)
        if graph_def is not None:
            raise ValueError(f"FakeSummaryWriter takes a graph and no graph_def, but got {graph_def}")
        self._graphs.append(graph)

    def add_meta_graph(self, meta_graph_def: Any, global_step: int | None = None) -> None:
        """Keep a MetaGraphDef."""
        _check_step(global_step)
        self._meta_graphs.append(meta_graph_def)

    def add_session_log(self, session_log: Any, global_step: int | None = None) -> None:
        """Keep a SessionLog."""
        self._session_logs.append(session_log)

    def add_run_metadata(self, run_metadata: Any, tag: str, global_step: int | None = None) -> None:
        """Keep a RunMetadata."""
        _check_step(global_step)
        self._added_run_metadata[tag] = run_metadata

    def flush(self) -> None:
        """Nothing is on its way to a file."""

    def reopen(self) -> None:
        """It is never closed."""

    def close(self) -> None:
        """What was added stays."""


def _check_step(step: int | None) -> None:
    if step is not None and step < 0:
        raise ValueError(f"Invalid global_step {step}.")


def to_summary_proto(summary_str: bytes) -> Any:
    """The `tf.Summary` of a serialized one."""
    return tf.compat.v1.Summary.FromString(summary_str)


def assert_summary(
    expected_tags: Iterable[str], expected_simple_values: Mapping[str, float], summary_proto: Any
) -> None:
    """Check that a summary has these tags and no others, and these values to two decimal places.

    Raises:
      ValueError: for other tags. AssertionError: for another value.
    """
    for value in summary_proto.value:
        if value.tag in expected_simple_values:
            expected = expected_simple_values[value.tag]
            np.testing.assert_almost_equal(value.simple_value, expected, decimal=2, err_msg=value.tag)
    tags = {value.tag for value in summary_proto.value}
    if set(expected_tags) != tags:
        raise ValueError(f"Expected tags {set(expected_tags)}, got {tags}.")


def latest_event_file(base_dir: str) -> str | None:
    """The last by name of the event files in a directory, None where there is none."""
    return max(glob.glob(os.path.join(base_dir, "events.*")), default=None)


def latest_events(base_dir: str) -> Iterable[Any]:
    """The `tf.Event`s of the latest event file; none where there is no file."""
    path = latest_event_file(base_dir)
    return tf.compat.v1.train.summary_iterator(path) if path else []


def latest_summaries(base_dir: str) -> list[Any]:
    """The events among `latest_events` that hold a summary."""
    return [event for event in latest_events(base_dir) if event.HasField("summary")]


def simple_values_from_events(events: Iterable[Any], tags: Collection[str]) -> dict[str, float]:
    """For each tag its value at the last step that has one.

    Raises:
      ValueError: for a summary of a tag that is no simple value.
    """
    found: dict[str, tuple[int, float]] = {}
    for event in events:
        for value in event.summary.value if event.HasField("summary") else ():
            if value.tag not in tags:
                continue
            if not value.HasField("simple_value"):
                raise ValueError(f"Summary for {value.tag} is not a simple_value.")
            if value.tag not in found or event.step > found[value.tag][0]:
                found[value.tag] = event.step, value.simple_value
    return {tag: value for tag, (_, value) in found.items()}
