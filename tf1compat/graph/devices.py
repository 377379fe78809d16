"""Where an operation runs: TF1's device strings on the devices that this machine has."""

from __future__ import annotations

from collections.abc import Sequence

import tensorflow as tf

__all__ = ["Placer"]

_HERE = "/job:localhost/replica:0/task:0"


class Placer:
    """Maps TF1 device strings to devices of this process.

    With soft placement, an operation put on a device that is not there (`/gpu:0` without a GPU,
    `/job:ps/task:1` without a cluster) runs where it can, as in TF1. Without, the run is refused with
    the device's name. `gpus` limits how many GPUs count (ConfigProto's `device_count`). Each of `tasks`,
    of a cluster that is this process, has all devices.
    """

    def __init__(self, soft: bool, gpus: int | None = None, tasks: Sequence[str] | None = None) -> None:
        self.soft, self._gpus, self._tasks = soft, gpus, tasks or [_HERE]
        self._known: dict[str, str | None] = {}

    def available(self) -> list[str]:
        """The full names of the devices that a Session may use."""
        return [name for name, _ in self._devices()]

    def _devices(self) -> list[tuple[str, str]]:
        """The devices by the names that they go by, and by the process's own."""
        names = []
        for device in tf.config.list_logical_devices():
            if device.device_type == "GPU" and self._gpus is not None:
                if int(device.name.rpartition(":")[2]) >= self._gpus:
                    continue
            names.append(device.name[device.name.index("/device:") :])
        return [(task + name, _HERE + name) for task in self._tasks for name in names]

    def __call__(self, device: str, name: str, op: tf.Operation | None = None) -> str:
        """The device to run on, "" for any; InvalidArgumentError where it is missing and must not be.

        `name`: of what is to be placed, for the error; `op`: the op of the graph that it is.
        """
        if device not in self._known:
            place = self._known[device] = self._find(device)
            if place:  # what is placed may be asked for again
                self._known[place] = place
        found = self._known[device]
        if found is not None:
            return found
        if self.soft:
            return ""
        raise tf.errors.InvalidArgumentError(
            None if op is None else op.node_def,
            op,
            f"Cannot assign a device for operation {name}: it was explicitly assigned to {device} but "
            f"available devices are [ {', '.join(self.available())} ]. Make sure the device specification "
            "refers to a valid device, or let the Session choose: "
            "tf.ConfigProto(allow_soft_placement=True).",
        )

    def _find(self, device: str) -> str | None:
        try:
            want = tf.DeviceSpec.from_string(device)
        except ValueError:
            return None
        for name, own in self._devices():
            have = tf.DeviceSpec.from_string(name)
            if all(
                getattr(want, part) in (None, getattr(have, part))
                for part in ("job", "replica", "task", "device_type", "device_index")
            ):
                return "" if want.device_type is None else own
        return None


