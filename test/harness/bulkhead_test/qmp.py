# SPDX-FileCopyrightText: The Bulkhead authors
# SPDX-License-Identifier: MIT
"""QEMU's machine protocol: commands, and the events that came, in order."""
import json
import queue
import threading
import time


class QmpError(Exception):
    """QEMU refused a command, or is gone."""


class Qmp:
    """One connection; events are kept for ever, in `events`."""

    def __init__(self, sock):
        self._sock = sock
        self._file = sock.makefile("r", encoding="utf-8")
        self._replies = queue.Queue()
        self._cond = threading.Condition()
        self.events = []
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()
        self._replies.get(timeout=60)  # the greeting
        self.command("qmp_capabilities")

    def _read(self):
        try:
            for line in self._file:
                message = json.loads(line)
                if "event" in message:
                    with self._cond:
                        self.events.append(message)
                        self._cond.notify_all()
                else:
                    self._replies.put(message)
        except (OSError, ValueError):
            pass
        self._replies.put({"error": {"desc": "QEMU closed the connection"}})
        with self._cond:
            self.events.append({"event": "EOF"})
            self._cond.notify_all()

    def command(self, name, **arguments):
        """Run one command and return what it returns."""
        request = {"execute": name}
        if arguments:
            request["arguments"] = arguments
        self._sock.sendall(json.dumps(request).encode() + b"\n")
        reply = self._replies.get(timeout=60)
        if "return" not in reply:
            raise QmpError(f"{name}: {reply.get('error', {}).get('desc', reply)}")
        return reply["return"]

    def monitor(self, line):
        """One line to the human monitor; returns its text."""
        return self.command("human-monitor-command", **{"command-line": line})

    def count(self, name):
        """How many events of that name came so far."""
        with self._cond:
            return sum(e["event"] == name for e in self.events)

    def wait_event(self, names, skip=0, timeout=60):
        """Return the event of one of `names` that follows the first `skip` of them."""
        end = time.monotonic() + timeout
        with self._cond:
            while True:
                found = [e for e in self.events if e["event"] in names]
                if len(found) > skip:
                    return found[skip]
                left = end - time.monotonic()
                if left <= 0:
                    raise TimeoutError(f"no {' or '.join(names)} event in {timeout} s")
                if self.events and self.events[-1]["event"] == "EOF":
                    raise QmpError(f"QEMU ended without a {' or '.join(names)} event")
                self._cond.wait(left)

    def close(self):
        """Close the connection."""
        try:
            self._sock.close()
        except OSError:
            pass
