"""Load the sample prefecture; for development only."""

import json
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.actions import register_person
from accounts.models import User
from applications.actions import publish_form
from foundation.tenancy.scope import Scope, capability_of, scoped
from kochi_portal.sample import (
    LONG_AGO,
    MUROTO,
    OPERATIONS,
    PASSWORD,
    PREFECTURE,
    PROCEDURES,
    RESIDENT,
    STAFF,
    TOKEN_OF_MUROTO,
    TOKEN_OF_RESIDENT,
    TOTP_SECRET,
    WHO_ISSUES_FOR_MUROTO,
    SampleProcedure,
    SampleStaff,
)
from organizations.actions import SCOPES_OF_BODIES, SCOPES_OF_PERSONS, issue_token
from organizations.actions.tokens import LONGEST, SHOWN_CHARACTERS
from organizations.models import (
    ApiToken,
    Department,
    Membership,
    Organization,
    OrganizationKind,
    Role,
)
from organizations.queries import scope_for
from procedures.models import Offering, Operation, Procedure


class Command(BaseCommand):
    """Load what is missing; what is there stays as it is."""

    help = "見本の団体・職員・手続を登録します（SAMPLE=1 のときだけ）。"

    def handle(self, *args: Any, **options: Any) -> None:
        """Load bodies, procedures with their offices, staff and a resident."""
        del args, options
        if not settings.SAMPLE:
            message = "見本データは SAMPLE=1 のときだけ登録できます。"
            raise CommandError(message)
        call_command("load_organizations", verbosity=0)
        everyone = frozenset(Organization.objects.values_list("code", flat=True))
        with scoped(Scope(organization_ids=everyone)):
            for code, title in OPERATIONS.items():
                Operation.objects.get_or_create(code=code, defaults={"title": title})
            for sample in PROCEDURES:
                _load_procedure(sample)
            for account in STAFF:
                _load_staff(account)
        call_command("load_faq", verbosity=0)
        _load_resident()
        _load_tokens()
        self._tell_accounts()

    def _tell_accounts(self) -> None:
        write = self.stdout.write
        write("見本のアカウント（パスワードはすべて " + PASSWORD + "）")
        for account in STAFF:
            roles = "・".join(Role(role).label for role in account.roles)
            write(f"  {account.email:26} {account.name}（{roles}）")
        write(f"  {RESIDENT:26} 住民（メールに届くコードでログイン）")
        write(f"住民のAPIトークン: {TOKEN_OF_RESIDENT}")
        write(f"室戸市のAPIトークン: {TOKEN_OF_MUROTO}")
        write(f"職員の二段階認証の鍵: {TOTP_SECRET}（今のコードは /mailbox/ に出ます）")


def _load_procedure(sample: SampleProcedure) -> None:
    procedure, _ = Procedure.objects.get_or_create(
        code=sample.fields["code"],
        defaults={
            **sample.fields,
            "organization_id": PREFECTURE,
            "published_at": timezone.now(),
        },
    )
    source = settings.BASE_DIR / "applications" / "documents" / sample.document
    publish_form(procedure, json.loads(source.read_text(encoding="utf-8")), by=None)
    bodies = Organization.objects.exclude(kind=OrganizationKind.PREFECTURE)
    if sample.offered_by is not None:
        bodies = bodies.filter(code__in=sample.offered_by)
    for body in bodies:
        _load_offering(procedure, body, sample)


def _load_offering(
    procedure: Procedure, body: Organization, sample: SampleProcedure
) -> None:
    code, office = sample.office
    department, _ = Department.objects.get_or_create(
        organization=body,
        code=code,
        valid_from=LONG_AGO,
        defaults={
            "name": office,
            "phone": f"0880-00-{body.code % 10000:04}",
            "email": f"{code}@{body.code}.example",
            "address": f"{body.name}見本町1番1号",
            "opening_hours": "平日 8時30分〜17時15分",
        },
    )
    Offering.objects.get_or_create(
        organization=body,
        procedure=procedure,
        defaults={
            "department": department,
            "other_ways": sample.other_ways,
            "published_at": timezone.now(),
        },
    )


def _load_staff(sample: SampleStaff) -> None:
    user = User.objects.filter(email=sample.email).first()
    if user is None:
        user = User.objects.create_user(
            sample.email, PASSWORD, is_staff=True, display_name=sample.name
        )
        _confirm_address(user)
        TOTP.activate(user, TOTP_SECRET)
    for role in sample.roles:
        Membership.objects.get_or_create(
            organization_id=sample.organization,
            user=user,
            role=role,
            valid_from=LONG_AGO,
        )


def _load_resident() -> None:
    user = User.objects.filter(email=RESIDENT).first()
    if user is None:
        user = User.objects.create_user(RESIDENT)
        _confirm_address(user)
        register_person(user)


def _load_tokens() -> None:
    resident = User.objects.get(email=RESIDENT)
    with scoped(scope_for(resident)):
        _load_token(
            TOKEN_OF_RESIDENT,
            scopes=SCOPES_OF_PERSONS,
            person=resident.person,
            by=resident,
        )
    administrator = User.objects.get(email=WHO_ISSUES_FOR_MUROTO)
    with scoped(scope_for(administrator)):
        _load_token(
            TOKEN_OF_MUROTO,
            scopes=SCOPES_OF_BODIES,
            roles=(Role.CLERK, Role.EXAMINER),
            organization=Organization.objects.get(pk=MUROTO),
            by=administrator,
        )


def _load_token(secret: str, **wanted: Any) -> None:
    """Issue a token, and give it the secret that the documents name."""
    known = {"prefix": secret[:SHOWN_CHARACTERS], "capability": capability_of(secret)}
    if not ApiToken.objects.filter(**known).exists():
        expires_at = timezone.now() + LONGEST
        issued = issue_token(label="見本のアプリ", expires_at=expires_at, **wanted)
        ApiToken.objects.filter(pk=issued.token.pk).update(**known)


def _confirm_address(user: User) -> None:
    EmailAddress.objects.create(
        user=user, email=user.email, verified=True, primary=True
    )
