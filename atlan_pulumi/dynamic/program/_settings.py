"""The settings of the stack or of an explicit provider, and the warnings about them."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from typing import Any
from weakref import WeakSet

import pulumi
from pulumi.runtime.config import CONFIG, is_config_secret
from pulumi.runtime.mocks import MockMonitor
from pulumi.runtime.settings import get_monitor

from atlan_pulumi.settings import setting_warnings

#: Returns the value of a setting by its key, such as `atlan:apiKey`; None if it is not set.
Option = Callable[[str], Any]
# By event loop: with Pulumi's Automation API, one process runs several programs in turn.
_warned: WeakSet[asyncio.AbstractEventLoop] = WeakSet()


def stack_option() -> Option:
    """Return the settings in the configuration of the stack."""
    config = pulumi.Config("atlan")
    return lambda key: config.get(key.partition(":")[2])


async def settings_of(resource: pulumi.Resource) -> Option | None:
    """Return the settings of a resource's explicit provider, else of the stack; None if they are unknown.

    Args:
        resource: The resource. The explicit provider may be its parent's.
    """
    provider = getattr(resource, "_provider", None)
    given = getattr(provider, "atlan_options", None)
    if given is None:
        return stack_option()
    every = pulumi.Output.all(**given)
    return dict(await every.future() or {}).get if await every.is_known() else None


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
