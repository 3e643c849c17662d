"""Tools for a checkout; not part of the wheel."""
