import copy
import logging
import pickle
import pprint
from io import StringIO

import pytest
from cryptography.fernet import Fernet

from common.secrets import BadKey, Concealed, Sealed, SecretsField, SecretsUnreadable, reseal, seal, unseal

pytestmark = pytest.mark.logic

CANARY = "hush-7f3a9c"
OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()


@pytest.fixture
def keys(settings):
    def _set(*given):
        settings.ENCRYPTION_KEYS = list(given)

    _set(OLD)
    return _set


def test_sealed_values_open_again_and_the_token_shows_nothing(keys):
    token = seal({"auth_token": CANARY, "port": 587})

    assert CANARY not in token
    assert "auth_token" not in token
    assert unseal(token) == {"auth_token": CANARY, "port": 587}


def test_first_key_seals_and_every_key_opens(keys):
    token = seal({"a": "1"})
    keys(NEW, OLD)

    assert unseal(token) == {"a": "1"}
    keys(NEW)
    with pytest.raises(SecretsUnreadable):
        unseal(token)


def test_reseal_moves_to_the_first_key_once(keys):
    token = seal({"a": "1"})
    keys(NEW, OLD)

    renewed = reseal(token)

    assert reseal(renewed) is None
    keys(NEW)
    assert unseal(renewed) == {"a": "1"}


def test_reseal_of_a_token_no_key_opens_says_so(keys):
    token = seal({"a": "1"})
    keys(NEW)

    with pytest.raises(SecretsUnreadable, match="None of the keys in ENCRYPTION_KEYS"):
        reseal(token)


@pytest.mark.parametrize("token", ["", "nonsense", "gAAAA", "ünsinn", "x" * 10_000])
def test_what_is_no_token_is_unreadable_and_not_an_error_of_another_kind(keys, token):
    with pytest.raises(SecretsUnreadable):
        unseal(token)


def test_token_that_was_tampered_with_is_unreadable(keys):
    token = seal({"a": "1"})
    middle = len(token) // 2
    changed = token[:middle] + ("A" if token[middle] != "A" else "B") + token[middle + 1 :]

    with pytest.raises(SecretsUnreadable):
        unseal(changed)


@pytest.mark.parametrize(
    "given",
    ["", "short", "not base64 at all: " + "x" * 40, OLD[:-4]],
    ids=["empty", "short", "not base64", "cut off"],
)
def test_bad_key_is_named_by_its_place_and_not_shown(keys, given):
    keys(OLD, given)

    with pytest.raises(BadKey) as caught:
        seal({"a": "1"})

    assert str(caught.value) == "ENCRYPTION_KEYS: key 2 is not 32 bytes in URL-safe base64"


def test_key_that_lost_its_equals_signs_or_brought_a_line_end_is_good(keys):
    token = seal({"a": "1"})

    keys(f" {OLD.rstrip('=')}\n")

    assert unseal(token) == {"a": "1"}


def test_sealed_opens_only_when_it_is_looked_into(keys):
    sealed = Sealed(seal({"a": CANARY}))
    keys(NEW)

    assert repr(sealed) == "<sealed>"
    with pytest.raises(SecretsUnreadable):
        sealed["a"]


def test_nothing_that_prints_shows_a_value(keys):
    opened, sealed = Concealed({"auth_token": CANARY}), Sealed(seal({"auth_token": CANARY}))
    assert sealed["auth_token"] == CANARY  # opened now
    stream = StringIO()
    logging.getLogger("test").handlers = [logging.StreamHandler(stream)]
    logging.getLogger("test").error("%s %r %s", opened, sealed, {"config": opened})

    shown = [
        stream.getvalue(),
        *(f(each) for each in (opened, sealed, [opened], {"x": sealed}) for f in (repr, str, pprint.pformat)),
        f"{opened} {sealed}",
        pickle.dumps(sealed).decode("latin-1"),
    ]

    assert [text for text in shown if CANARY in text] == []
    assert copy.deepcopy(sealed) == {"auth_token": CANARY}
    assert pickle.loads(pickle.dumps(sealed)) == {"auth_token": CANARY}


def test_field_takes_mappings_only_and_says_so_without_the_value(keys):
    field = SecretsField()
    field.name = "config"
    sealed = Sealed(seal({"a": "1"}))

    assert field.get_prep_value(sealed) is sealed.token
    assert unseal(field.get_prep_value({"b": 2})) == {"b": 2}
    with pytest.raises(TypeError) as caught:
        field.get_prep_value(CANARY)
    assert str(caught.value) == "config takes a mapping, not str"
