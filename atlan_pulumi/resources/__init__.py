"""The resources: one file each.

Nothing is imported here: a program loads what it declares, and `atlan_pulumi` has the public names.
"""
