"""Bring tables and sample data up to date: one process, for Django starts slowly."""

import django
from django.conf import settings
from django.core.management import call_command

if __name__ == "__main__":
    django.setup()
    call_command("migrate", database="owner", verbosity=0)
    if settings.DEBUG:
        call_command("load_sample")
    else:
        call_command("load_organizations", verbosity=0)
