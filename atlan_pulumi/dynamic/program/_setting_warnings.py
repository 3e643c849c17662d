"""Warnings about the stack's settings, once per run of a program."""

from __future__ import annotations

import asyncio
import os
from weakref import WeakSet

import pulumi
from pulumi.runtime.config import CONFIG, is_config_secret
from pulumi.runtime.mocks import MockMonitor
from pulumi.runtime.settings import get_monitor

from atlan_pulumi.settings import setting_warnings

# By event loop: with Pulumi's Automation API, one process runs several programs in turn.
_warned: WeakSet[asyncio.AbstractEventLoop] = WeakSet()


def warn_about_settings() -> None:
    """Print a warning for each unknown setting, a key in plain text, and an ignored part of the base URL.

    Called for each resource; only the first call of a run prints.
    """
    loop = asyncio.get_event_loop()
    if loop in _warned or isinstance(get_monitor(), MockMonitor):
        return
    _warned.add(loop)
    config = CONFIG.get()
    secret = {key for key in config if is_config_secret(key)}
    for line in setting_warnings(config, secret, os.environ):
        pulumi.log.warn(line)
