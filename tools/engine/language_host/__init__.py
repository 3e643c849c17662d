"""A Pulumi language host for Python: the plugin `pulumi-language-python` of an engine built from source.

The engine starts it, reads a port from its first line, and calls it over gRPC (`pulumirpc.LanguageRuntime`)
to run programs and policy packs. It needs only Python and the `pulumi` SDK with its gRPC stubs.
`install_host` copies it into the engine's folder as one archive, and any Python with that SDK can run it.
Therefore this package imports nothing from the rest of the checkout.
"""

from __future__ import annotations


class HostError(Exception):
    """The project's setup does not allow a request; the message is one line for the user."""
