"""The staff's desk in Django admin: own bodies' rows, looked at and acted upon.

`admin` shows rows that cannot be edited, `steps` are what may be done with them,
`changelist` pages through them without counting, `filters` narrow them.
"""
