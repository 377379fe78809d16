"""One process as its own cluster: `tf.train.Server`, and what the Sessions of a cluster share.

In TF1 the variables, queues and tables of a Session on a server lived in the task that their device named,
for as long as the server did, and any other Session of the cluster found them there by container and name.
So it is here, for clusters all of whose tasks are servers of this process, one or several, in whatever
threads. A task that is elsewhere refuses: this package sends nothing from one process to another.
"""

from __future__ import annotations

import itertools
import socket
import threading
import time
from collections.abc import Collection, Iterable
from typing import Any

import tensorflow as tf

from .. import _tensorflow as _tf

__all__ = ["Server", "Task", "connect"]

_INSTEAD = (
    "To train in several processes, write the step as a tf.function under "
    "tf.distribute.MultiWorkerMirroredStrategy; examples/five_ways/launch_workers.py starts the workers."
)
#: How long a Session waits for servers that other threads of this process may be about to make, in seconds.
_PATIENCE = 5.0
_THIS_MACHINE = frozenset(["", "localhost", "0.0.0.0", "[::]", "[::1]", "::1"])

_numbers = itertools.count(1)
_made = threading.Condition()
_servers: dict[int, Server] = {}  # by port


class Server(tf.compat.v1.train.Server):
    """A task of a cluster, in this process; arguments and errors are `tf.compat.v1.train.Server`'s.

    Its Sessions, `tf.Session(server.target)`, share variables, queues and tables with each other and with
    those of the cluster's other servers. It keeps them until the process ends or `Session.reset`.

    Raises:
      NotImplementedError: where the cluster has a task on another machine.
    """

    def __init__(
        self,
        server_or_cluster_def: Any,
        job_name: str | None = None,
        task_index: int | None = None,
        protocol: str | None = None,
        config: Any = None,
        start: bool = True,
    ) -> None:
        super().__init__(server_or_cluster_def, job_name, task_index, protocol, config, start)
        for _, _, address in _tasks(self.server_def):
            if _port(address) is None:
                raise NotImplementedError(
                    f"tf.train.Server: the cluster has a task at {address!r}, another machine, and tf1compat runs a "
                    f"cluster in one process only. {_INSTEAD}"
                )
        self.number = next(_numbers)
        self._kept: dict[tuple[str, str, str], Any] = {}  # container, kind, name
        self._lock = threading.RLock()
        with _made:
            _servers[_port(self.target.partition("://")[2])] = self  # type: ignore[index]
            _made.notify_all()

    @staticmethod
    def create_local_server(config: Any = None, start: bool = True) -> Server:
        """A server that is a cluster by itself: the one task of job "local", on a free port."""
        return Server({"local": ["localhost:0"]}, protocol="grpc", config=config, start=start)

    def join(self) -> None:
        """Wait for the end of the server, which is that of the process.

        Raises:
          NotImplementedError: where tasks of the cluster are in other processes, which this one cannot serve.
        """
        _find(self, list(_tasks(self.server_def)), "tf.train.Server.join")
        threading.Event().wait()

    # What this task keeps for Sessions.

    def find(self, container: str, kind: str, name: str) -> Any:
        """What is kept under a name, or None."""
        return self._kept.get((container, kind, name))

    def keep(self, container: str, kind: str, name: str, handle: Any) -> None:
        """Keep a resource that was made under the container's `runtime_name`."""
        self._kept[container, kind, name] = handle

    def runtime_name(self, container: str) -> str:
        """What TensorFlow's runtime is to call this task's container."""
        return f"tf1compat-server-{self.number}-{container}"

    @property
    def lock(self) -> Any:
        """Held while something is looked for and made."""
        return self._lock

    def clear(self, containers: Collection[str]) -> None:
        """Forget what is in the containers; without any, in the one that is the job's."""
        wanted = set(containers) or {self.server_def.job_name}
        with self._lock, _tf.eager_mode():
            for key in [key for key in self._kept if key[0] in wanted]:
                tf.raw_ops.DestroyResourceOp(resource=self._kept.pop(key), ignore_lookup_error=True)


class Task:
    """A Session's place in a cluster: the server that it is on, and the servers of the other tasks."""

    def __init__(self, server: Server, servers: dict[tuple[str, int], Server]) -> None:
        self.server, self._servers = server, servers

    @property
    def names(self) -> list[str]:
        """The tasks, as devices are called: the Session's own first."""
        keys = sorted(self._servers, key=lambda key: (self._servers[key] is not self.server, key))
        return [f"/job:{job}/replica:0/task:{index}" for job, index in keys]

    def home(self, device: str) -> Server:
        """The server of the task that a device string names; the Session's own where it names none."""
        spec = tf.DeviceSpec.from_string(device)
        own = self.server.server_def
        job = own.job_name if spec.job is None else spec.job
        index = spec.task
        if index is None:
            index = own.task_index if job == own.job_name else 0
        return self._servers.get((job, index), self.server)

    def clear(self, containers: Collection[str]) -> None:
        """Forget what is in the containers, in every task."""
        for server in self._servers.values():
            server.clear(containers)


def connect(target: str, filters: Iterable[str] = ()) -> Task | None:
    """The place in a cluster that `target` names; None for "" and "local", which name this process.

    filters: a ConfigProto's `device_filters`: only the tasks that match one are looked for.

    Raises:
      NotImplementedError: where the server, or another of the cluster's tasks, is not of this process.
    """
    if target in ("", "local"):
        return None
    scheme, _, address = target.partition("://")
    port = _port(address) if scheme == "grpc" else None
    server = _servers.get(port) if port is not None else None
    if server is None:
        raise NotImplementedError(
            f"Session(target={target!r}) is no server of this process, and tf1compat connects to no other: leave the "
            f"target out, or make the tf.train.Server here and take its `target`. {_INSTEAD}"
        )
    specs = [tf.DeviceSpec.from_string(one) for one in filters]
    own = (server.server_def.job_name, server.server_def.task_index)
    tasks = [
        (job, index, where)
        for job, index, where in _tasks(server.server_def)
        if not specs
        or (job, index) == own
        or any(one.job in (None, job) and one.task in (None, index) for one in specs)
    ]
    return Task(server, _find(server, tasks, f"Session(target={target!r})"))


def _find(server: Server, tasks: list[tuple[str, int, str]], what: str) -> dict[tuple[str, int], Server]:
    """The servers of tasks; waits a little for those that other threads may be about to make."""
    own = (server.server_def.job_name, server.server_def.task_index)
    until = time.monotonic() + _PATIENCE
    while True:
        with _made:
            found = {
                (job, index): server if (job, index) == own else _servers.get(_port(where))  # type: ignore[arg-type]
                for job, index, where in tasks
            }
            absent = [f"/job:{job}/task:{index}" for (job, index), one in found.items() if one is None]
            if not absent:
                return found  # type: ignore[return-value]
            left = until - time.monotonic() if threading.active_count() > 1 else 0.0
            if left <= 0:
                raise NotImplementedError(
                    f"{what}: this process has no server for {', '.join(absent)} of the cluster, and tf1compat "
                    "connects to no other process. A cluster whose servers are all made in one process, in threads "
                    f"say, works. {_INSTEAD}"
                )
            _made.wait(left)


def _tasks(server_def: Any) -> Iterable[tuple[str, int, str]]:
    for job in server_def.cluster.job:
        for index, address in sorted(job.tasks.items()):
            yield job.name, index, address


def _port(address: str) -> int | None:
    """The port of an address on this machine; None for another machine's."""
    host, _, port = address.rpartition(":")
    if host not in _THIS_MACHINE and not host.startswith("127."):
        if host not in (socket.gethostname(), socket.getfqdn()):
            return None
    return int(port) if port.isdigit() else None
