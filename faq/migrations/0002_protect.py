"""Who reads and writes what: residents reach published residents' entries alone."""

from django.db import migrations

from foundation.tenancy.operations import BindToBody, GrantWorker, Protect
from foundation.tenancy.policies import (
    BODY,
    BODY_PERSON_OR_CAPABILITY,
    PUBLIC,
    public_when,
)

# Written out: what was migrated does not change with the code.
ANSWERS_RESIDENTS = public_when(
    "audience = 'resident' AND published_at IS NOT NULL AND withdrawn_at IS NULL"
)
OF_ENTRY = ("Revision", "Alternative")
OF_DESK = ("Entry", "TestQuestion", "Cluster", "Question", "Ticket")
OF_TEST_SET = ("TestQuestion", "Evaluation")


class Migration(migrations.Migration):
    dependencies = (
        ("faq", "0001_initial"),
        ("organizations", "0002_protect"),
        ("procedures", "0002_protect"),
    )
    operations = (
        Protect("Desk", policy=PUBLIC, worker="SELECT"),
        Protect("Entry", policy=ANSWERS_RESIDENTS, worker="SELECT"),
        Protect(
            "Revision",
            policy=public_when("audience = 'resident' AND state = 'published'"),
            worker="SELECT",
        ),
        Protect("Alternative", policy=BODY, worker="SELECT"),
        Protect("TestSet", policy=BODY, worker="SELECT"),
        Protect("TestQuestion", policy=BODY, worker="SELECT"),
        Protect("Evaluation", policy=BODY, app="SELECT, INSERT"),
        Protect("Cluster", policy=BODY, worker="SELECT, INSERT, UPDATE, DELETE"),
        Protect(
            "Question",
            policy=BODY_PERSON_OR_CAPABILITY,
            app="SELECT, INSERT, UPDATE",
            worker="SELECT, UPDATE, DELETE",
        ),
        Protect(
            "Ticket",
            policy=BODY_PERSON_OR_CAPABILITY,
            app="SELECT, INSERT, UPDATE",
            worker="SELECT, UPDATE",
        ),
        Protect("Reply", policy=BODY_PERSON_OR_CAPABILITY, app="SELECT, INSERT"),
        *(BindToBody(m, column="entry_id", to="faq_entry") for m in OF_ENTRY),
        BindToBody("Entry", column="live_id", to="faq_revision"),
        *(BindToBody(m, column="desk_id", to="faq_desk") for m in OF_DESK),
        *(BindToBody(m, column="test_set_id", to="faq_testset") for m in OF_TEST_SET),
        BindToBody("Desk", column="department_id", to="organizations_department"),
        BindToBody("Question", column="cluster_id", to="faq_cluster"),
        BindToBody("Ticket", column="question_id", to="faq_question"),
        BindToBody("Reply", column="ticket_id", to="faq_ticket"),
        GrantWorker("Vector", rights="SELECT, INSERT, DELETE", app="SELECT"),
        GrantWorker("IndexVersion", rights="SELECT, INSERT", app="SELECT"),
        GrantWorker("Calibration", rights="SELECT", app="SELECT, INSERT"),
    )
