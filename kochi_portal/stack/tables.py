"""Bring tables and sample data up to date: one process, for Django starts slowly."""

import django
from django.conf import settings
from django.core.management import call_command

if __name__ == "__main__":
    django.setup()
    call_command("migrate", database="owner", verbosity=0)
    # Empty here, for files are served from where they are; but it is asked for.
    settings.STATIC_ROOT.mkdir(exist_ok=True)
    if settings.SAMPLE:
        call_command("load_sample")
    else:
        call_command("load_organizations", verbosity=0)
