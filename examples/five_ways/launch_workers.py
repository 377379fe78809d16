"""Starts several workers of a program on this machine, each with its TF_CONFIG.

    python launch_workers.py N PROGRAM [ARGUMENTS]

When one fails, the others are stopped; none is left behind when this ends, by Ctrl-C or `kill` too.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time


def free_addresses(count):
    """Addresses on the loopback interface that nobody listens at now."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    try:
        return [f"127.0.0.1:{each.getsockname()[1]}" for each in sockets]
    finally:
        for each in sockets:
            each.close()


def launch(count, command):
    """Run the command `count` times, as workers of one cluster; the exit status of the first that fails, or 0."""
    cluster = {"worker": free_addresses(count)}
    workers = []
    try:
        for index in range(count):
            config = json.dumps({"cluster": cluster, "task": {"type": "worker", "index": index}})
            workers.append(subprocess.Popen(command, env={**os.environ, "TF_CONFIG": config}))
        while True:
            states = [each.poll() for each in workers]
            for index, state in enumerate(states):
                if state:
                    print(f"Worker {index} ended with status {state}: stopping the others", file=sys.stderr)
                    return state
            if None not in states:
                return 0
            time.sleep(0.1)
    finally:
        for each in workers:
            each.kill()
            each.wait()


def main():
    if len(sys.argv) < 3 or not sys.argv[1].isdecimal() or sys.argv[1] == "0":
        sys.exit(__doc__)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    sys.exit(launch(int(sys.argv[1]), [sys.executable, *sys.argv[2:]]))


if __name__ == "__main__":
    main()
