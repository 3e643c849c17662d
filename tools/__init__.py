"""Tools for working in a checkout; not part of the wheel."""
