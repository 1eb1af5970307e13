"""The staff's desk in Django admin: own bodies' rows, looked at and acted upon.

`admin` shows rows that nobody edits, `steps` are what may be done with them, `taking`
is how; `changelist` pages through them without counting, `filters` narrow them.
"""
