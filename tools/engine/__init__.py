"""Provide an engine for a checkout, also on machines that reach only package registries: `make engine`."""
