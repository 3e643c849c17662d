"""The resources, one file each.

Nothing is imported here: a program imports what it declares, and `atlan_pulumi` has the public names.
"""
