# SPDX-FileCopyrightText: The Bulkhead authors
# SPDX-License-Identifier: MIT
"""What each verb's --json promises: the keys, and the type of each value.

A shape is a type, a tuple of types, a list of one shape, or a dict of shapes;
a key that ends in "?" may be missing.  Scripts out there rely on these: a key may
be added, none may change or go.
"""

NONE = type(None)

OPTIONAL = (str, NONE)

DOMAIN = {
    "name": str, "domid": int, "state": str, "reason": OPTIONAL, "memory-kib": int,
    "vcpus": int, "cpu-time-ns": int, "failed": OPTIONAL,
}

VCPU = {
    "name": str, "domid": int, "vcpu": int, "cpu": (int, NONE), "state": str, "cpu-time-ns": int,
}

INFO = {
    "version": str, "build": str, "slot": str, "firmware": str, "console": str, "timer": str,
    "cpu": str, "cpus": int, "cpu-khz": int,
    "memory-total-kib": int, "memory-free-kib": int, "memory-hv-kib": int,
    "memory-ctrl-kib": int, "memory-ctrl-used-kib": int, "memory-ctrl-free-kib": int,
    "watchdog": str, "watchdog-timeout-s": int, "watchdog-state": str,
    "boot-tsc-entry": int, "boot-tsc-ctrl": int, "boot-tsc-main": int, "boot-tsc-prompt": int,
    "boot-entry-ns": int, "boot-prompt-ns": int, "uptime-ns": int,
    "domains-ready": int, "domains-failed": int, "manifest-sound": bool,
    "problems": [str], "unsafe": [str], "missing": [{"feature": str, "change": OPTIONAL}],
}

VERSION = {
    "version": str, "build": str, "ctrl-version": str, "ctrl-build": str,
    "xen-major": int, "xen-minor": int, "xen-extra": str, "capabilities": str,
}

WATCHDOG = {
    "device": str, "state": str, "timeout-s": int, "fed": bool, "why-not": OPTIONAL, "kicks": int,
    "critical": [{"name": str, "age-ns": int, "limit-ns": int}],
}

# By verb; those that end the machine answer {"action": str} and are elsewhere.
SHAPES = {
    "date": {"utc": str, "unix": int},
    "dmesg": {"lines": [str]},
    "echo": {"text": str},
    "help": {"role": str, "verbs": [{"name": str, "usage": str, "brief": str, "role": str}]},
    "info": INFO,
    "list": {"domains": [DOMAIN]},
    "run": {"output": str, "status": int},
    "terminal": {"terminal": str, "columns": int},
    "uptime": {"uptime-ns": int, "uptime-s": int, "domains": int},
    "vcpu-list": {"vcpus": [VCPU]},
    "version": VERSION,
    "watchdog": WATCHDOG,
}

# What a verb must be given to do anything.
ARGUMENTS = {"run": "'echo in side'"}


def mismatch(value, shape, path="$"):
    """None, or a sentence about the first place where value is not of this shape."""
    if isinstance(shape, dict):
        if not isinstance(value, dict):
            return f"{path} is no object but {value!r}"
        must = {key for key in shape if not key.endswith("?")}
        may = {key.rstrip("?") for key in shape}
        if not must <= set(value) <= may:
            return f"{path} has the keys {sorted(value)}, not {sorted(shape)}"
        pairs = ((f"{path}.{k}", v, shape.get(k, shape.get(k + "?"))) for k, v in value.items())
    elif isinstance(shape, list):
        if not isinstance(value, list):
            return f"{path} is no array but {value!r}"
        pairs = ((f"{path}[{i}]", v, shape[0]) for i, v in enumerate(value))
    else:
        kinds = shape if isinstance(shape, tuple) else (shape,)
        # True is an int to Python, not to JSON.
        good = any(type(value) is kind for kind in kinds)
        return None if good else f"{path} is {value!r}, not {'/'.join(k.__name__ for k in kinds)}"
    return next((m for m in (mismatch(v, s, p) for p, v, s in pairs) if m), None)
