from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from tests.factories import UserFactory

LIST = "/admin/accounts/user/"
ADD = "/admin/accounts/user/add/"
NO_INLINES = {
    f"{prefix}-{key}_FORMS": 0 for prefix in ("emailaddress_set", "authenticator_set") for key in ("TOTAL", "INITIAL")
}


def page(person: User) -> str:
    return reverse("admin:accounts_user_change", args=[person.pk])


def form(person: User, **changes: object) -> dict[str, object]:
    kept = {"display_name": person.display_name, "email": person.email, "time_zone": "UTC", "is_active": "on"}
    return {**kept, **NO_INLINES, "reason": "Asked by phone", **changes}


@pytest.fixture
def helper(db):
    """Staff who may edit people, but is no superuser."""
    person = User.objects.create_user("helper@example.com", display_name="Hal", is_staff=True)
    person.user_permissions.set(Permission.objects.filter(content_type__app_label="accounts"))
    return person


def test_list_finds_by_name_and_address(staff, ben, mara, as_):
    client = as_(staff)

    for words in ("okafor", "BEN@"):
        assert list(client.get(LIST, {"q": words}).context["cl"].queryset) == [ben]


def test_list_takes_the_same_queries_for_one_and_many(staff, as_, django_assert_max_num_queries):
    client = as_(staff)
    client.get(LIST)
    with django_assert_max_num_queries(8):
        client.get(LIST)
    UserFactory.create_batch(5)
    with django_assert_max_num_queries(8):
        client.get(LIST)


def test_list_cannot_be_used_to_guess_passwords(staff, as_):
    assert as_(staff).get(LIST, {"password__startswith": "md5"}).status_code == 400


def test_change_needs_a_reason(staff, ben, as_):
    response = as_(staff).post(page(ben), form(ben, display_name="Benedict", reason=" "))

    assert "reason" in response.context["adminform"].errors
    assert User.objects.get(pk=ben.pk).display_name == "Ben Okafor"


def test_change_is_logged_with_its_reason(staff, ben, as_):
    as_(staff).post(page(ben), form(ben, display_name="Benedict"))

    entry = LogEntry.objects.get()
    assert (entry.user, entry.object_id) == (staff, str(ben.pk))
    assert entry.get_change_message() == "Changed Name and Time zone. Reason: Asked by phone"


def test_new_address_ends_what_the_old_one_opened(staff, ben, as_):
    EmailAddress.objects.create(user=ben, email=ben.email, verified=True, primary=True)
    bens = as_(ben)

    as_(staff).post(page(ben), form(ben, email="Ben@New.example"))

    ben.refresh_from_db()
    assert ben.email == "ben@new.example"
    assert not EmailAddress.objects.exists()
    assert not ben.has_usable_password()
    assert bens.get(reverse("accounts:settings")).status_code == 302


def test_new_address_is_told_to_both_addresses(staff, ben, as_, mailoutbox):
    as_(staff).post(page(ben), form(ben, email="ben@new.example"))

    assert [mail.to for mail in mailoutbox] == [
        ["Ben Okafor <ben@example.com>"],
        ["Ben Okafor <ben@new.example>"],
    ]
    for mail in mailoutbox:
        assert mail.subject == "Your e-mail address was changed by our staff"
        assert "from ben@example.com to ben@new.example" in mail.body
        assert "http://localhost:8000/help/contact/" in mail.body


def test_new_address_holds_the_persons_money_for_three_days(staff, ben, as_):
    before = timezone.now()

    as_(staff).post(page(ben), form(ben, email="ben@new.example"))

    ben.refresh_from_db()
    assert before + timedelta(hours=72) <= ben.money_held_until <= timezone.now() + timedelta(hours=72)


def test_other_changes_tell_nobody_and_hold_nothing(staff, ben, as_, mailoutbox):
    as_(staff).post(page(ben), form(ben, display_name="Benedict"))

    ben.refresh_from_db()
    assert (mailoutbox, ben.money_held_until) == ([], None)


def test_other_changes_leave_the_address_alone(staff, ben, as_):
    EmailAddress.objects.create(user=ben, email=ben.email, verified=True, primary=True)
    rows = {"emailaddress_set-TOTAL_FORMS": 1, "emailaddress_set-INITIAL_FORMS": 1}
    rows |= {"emailaddress_set-0-id": EmailAddress.objects.get().pk, "emailaddress_set-0-user": ben.pk}

    as_(staff).post(page(ben), form(ben, display_name="Benedict", **rows))

    assert User.objects.get(pk=ben.pk).display_name == "Benedict"
    assert EmailAddress.objects.get().verified


def test_new_person_has_no_password(staff, as_):
    as_(staff).post(ADD, {"display_name": "Ada", "email": "Ada@Example.com", "time_zone": "UTC", "reason": "New"})

    person = User.objects.get(email="ada@example.com")
    assert not person.has_usable_password()


def test_staff_without_all_rights_hand_out_none(helper, ben, as_):
    as_(helper).post(page(ben), form(ben, display_name="Benedict", is_staff="on", is_superuser="on"))

    ben.refresh_from_db()
    assert (ben.display_name, ben.is_staff, ben.is_superuser) == ("Benedict", False, False)


def test_staff_without_all_rights_cannot_change_who_has_them(helper, staff, as_):
    assert as_(helper).post(page(staff), form(staff, email="mine@example.com")).status_code == 403


def test_staff_without_all_rights_take_over_no_colleague(helper, as_, mailoutbox):
    clerk = UserFactory(display_name="Kim Clerk", is_staff=True)

    reply = as_(helper).post(page(clerk), form(clerk, email="mine@example.com"))

    assert reply.status_code == 403
    assert (User.objects.get(pk=clerk.pk).email, mailoutbox) == (clerk.email, [])


def test_nobody_is_deleted(staff, ben, as_):
    client = as_(staff)

    assert client.post(f"/admin/accounts/user/{ben.pk}/delete/", {"post": "yes"}).status_code == 403
    client.post(LIST, {"action": "delete_selected", "_selected_action": [ben.pk], "post": "yes"})
    assert User.objects.filter(pk=ben.pk).exists()


def test_second_factor_is_removed_without_being_shown(staff, ben, as_):
    factor = Authenticator.objects.create(user=ben, type=Authenticator.Type.TOTP, data={"secret": "JBSWY3DPEHPK3PXP"})
    client = as_(staff)
    assert "JBSWY3DPEHPK3PXP" not in client.get(page(ben)).text

    rows = {"authenticator_set-TOTAL_FORMS": 1, "authenticator_set-INITIAL_FORMS": 1}
    rows |= {"authenticator_set-0-id": factor.pk, "authenticator_set-0-user": ben.pk, "authenticator_set-0-DELETE": 1}
    client.post(page(ben), form(ben, reason="Lost the phone", **rows))

    assert not Authenticator.objects.exists()
    assert "Lost the phone" in LogEntry.objects.get().get_change_message()


@pytest.mark.parametrize(
    "url", ["/admin/account/emailaddress/", "/admin/mfa/authenticator/", "/admin/usersessions/usersession/"]
)
def test_addresses_and_secrets_have_no_pages_of_their_own(staff, as_, url):
    assert as_(staff).get(url).status_code == 404
