from dataclasses import replace

import pytest
from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command
from django.db import connection

from anticipate.demo import seeding
from anticipate.demo.logins import LOGINS
from campaigns.models import Enrolment
from common.tenancy import tenant_scope
from customers.enums import ImportStatus
from customers.models import Forecast, Vehicle
from dealerships.models import Dealership, Membership, User


@pytest.fixture
def small(monkeypatch):
    monkeypatch.setattr(
        seeding, "DEALERSHIPS", tuple(replace(demo, customers=30) for demo in seeding.DEALERSHIPS)
    )


@pytest.fixture
def nobody_here(db):
    """An installation as new, until the test's transaction is rolled back."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE dealerships_dealership, dealerships_user CASCADE")
    call_command("load_law")  # as every installation has it: its rows name users, and so went with them


@pytest.mark.usefixtures("nobody_here", "small")
def test_seed_demo_makes_both_dealerships_worth_looking_at(settings, tmp_path, capsys):
    settings.DEMO, settings.VAR_DIR = True, tmp_path

    call_command("seed_demo")

    assert list(Dealership.objects.order_by("slug").values_list("slug", "time_zone")) == [
        ("demo", "America/Chicago"),
        ("harbor", "America/Los_Angeles"),
    ]
    for dealership in Dealership.objects.all():
        with tenant_scope(dealership):
            assert Vehicle.objects.count() >= 30
            assert Forecast.objects.filter(is_next=True).count() >= 30
            assert Enrolment.objects.exists()
            assert set(Membership.objects.values_list("user__email", "role")) == {
                (login.email, login.role) for login in LOGINS
            }
    printed = capsys.readouterr().out
    assert all(login.password in printed for login in LOGINS)


@pytest.mark.django_db
def test_seed_demo_logins_work(small, client, settings, tmp_path):
    settings.DEMO, settings.VAR_DIR = True, tmp_path
    seeding.create_people_and_places()

    for login in LOGINS:
        assert User.objects.get(email=login.email).check_password(login.password)
        assert client.login(email=login.email, password=login.password)
        # Without a verified address the page of two-step sign-in only says no.
        assert EmailAddress.objects.filter(user__email=login.email, verified=True).exists()


@pytest.mark.django_db
def test_fill_every_row_of_its_own_export_goes_in(small, settings, tmp_path, now):
    settings.DEMO, settings.VAR_DIR = True, tmp_path
    (demo, dealership), _ = seeding.create_people_and_places()

    done = seeding.fill(demo, dealership, now=now)

    assert done.status == ImportStatus.DONE
    assert not done.counts.get("rows_rejected")


@pytest.mark.django_db
def test_seed_demo_keeps_its_hands_off_other_data(world, settings, capsys):
    settings.DEMO = True

    call_command("seed_demo")

    assert "nothing was added" in capsys.readouterr().out
    assert Dealership.objects.count() == 2


def test_seed_demo_outside_a_demo_is_refused(settings):
    settings.DEMO = False

    with pytest.raises(CommandError, match="no demo installation"):
        call_command("seed_demo")
