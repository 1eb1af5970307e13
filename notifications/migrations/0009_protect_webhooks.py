"""Webhooks are their body's own; the worker delivers, and stops what fails."""

from django.db import migrations

from foundation.tenancy.operations import BindToBody, Protect
from foundation.tenancy.policies import BODY


class Migration(migrations.Migration):
    dependencies = (("notifications", "0008_webhooks"),)
    operations = (
        Protect("Webhook", policy=BODY, worker="SELECT, UPDATE"),
        Protect("Delivery", policy=BODY, worker="SELECT, UPDATE, DELETE"),
        BindToBody("Delivery", column="webhook_id", to="notifications_webhook"),
    )
