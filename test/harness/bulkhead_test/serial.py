# SPDX-FileCopyrightText: The Bulkhead authors
# SPDX-License-Identifier: MIT
"""The serial line of a machine under test, as a pexpect spawn.

A thread drains the socket at all times, so the machine never stalls on a test
that does not read, and everything that came over the line is in the log even
if nobody expected it.
"""
import queue
import socket
import threading
import time

from pexpect import EOF, TIMEOUT
from pexpect.spawnbase import SpawnBase


class SerialLine(SpawnBase):
    """Text in, text out; `log` is a path that receives the raw bytes."""

    def __init__(self, sock, log, timeout=30):
        super().__init__(timeout=timeout, encoding="utf-8", codec_errors="replace")
        self._sock = sock
        self._log = open(log, "wb", buffering=0)
        self._queue = queue.Queue()
        self._raw = bytearray()
        self._closed = False
        self._thread = threading.Thread(target=self._drain, daemon=True)
        self._thread.start()

    def _drain(self):
        while True:
            try:
                data = self._sock.recv(65536)
            except OSError:
                data = b""
            if not data:
                self._queue.put(None)
                return
            self._log.write(data)
            self._raw += data
            self._queue.put(data)

    @property
    def raw(self):
        """All bytes received so far."""
        return bytes(self._raw)

    @property
    def text(self):
        """All text received so far, with plain newlines."""
        return self.raw.decode("utf-8", "replace").replace("\r", "")

    def read_nonblocking(self, size=1, timeout=None):
        """What pexpect calls; `size` is ignored, since the queue holds chunks."""
        if self._closed:
            raise EOF("the serial line was closed")
        if timeout == -1:
            timeout = self.timeout
        try:
            data = self._queue.get(timeout=timeout)
        except queue.Empty:
            raise TIMEOUT("nothing more on the serial line") from None
        if data is None:
            self._closed = True
            raise EOF("the machine closed the serial line")
        return self._decoder.decode(data, final=False)

    def send(self, text):
        """Send text as it is; blocks while the machine does not take it."""
        self._sock.sendall(text.encode("utf-8"))
        return len(text)

    def sendline(self, text=""):
        """Send text and Enter, which a terminal sends as CR."""
        return self.send(text + "\r")

    def settle(self, quiet=0.5, limit=10):
        """Wait until the line has been silent for `quiet` seconds."""
        end = time.monotonic() + limit
        seen = -1
        while len(self._raw) != seen and time.monotonic() < end:
            seen = len(self._raw)
            time.sleep(quiet)

    def close(self):
        """Close the socket and wait for the last bytes to reach the log."""
        try:
            self._sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self._thread.join(timeout=5)
        self._sock.close()
        self._log.close()
        self.closed = True
