"""AWS KMS as the master key, against moto's KMS in this process: no network."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import EndpointConnectionError
from botocore.stub import Stubber
from moto import mock_aws

from archive.core.errors import Damaged, NotReady
from archive.keys.aws_kms import KmsWrapper

SECRET = bytes(range(32))


@pytest.fixture
def kms(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.setenv(name, "not-a-real-one")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    with mock_aws():
        yield boto3.client("kms")


@pytest.fixture
def key_id(kms: Any) -> str:
    return str(kms.create_key(Description="wraps day keys")["KeyMetadata"]["KeyId"])


def test_what_is_wrapped_opens_again(kms: Any, key_id: str) -> None:
    wrapper = KmsWrapper(kms, key_id)
    wrapped = wrapper.wrap(SECRET, "organisation 1")
    assert SECRET not in wrapped
    assert wrapper.unwrap(wrapped, "organisation 1") == SECRET


def test_the_context_is_authenticated_by_kms(kms: Any, key_id: str) -> None:
    wrapper = KmsWrapper(kms, key_id)
    wrapped = wrapper.wrap(SECRET, "organisation 1")
    with pytest.raises(Damaged, match="organisation 2"):
        wrapper.unwrap(wrapped, "organisation 2")


def test_the_context_is_what_an_auditor_of_kms_would_see(kms: Any, key_id: str) -> None:
    wrapped = KmsWrapper(kms, key_id).wrap(SECRET, "organisation 1")
    answer = kms.decrypt(CiphertextBlob=wrapped, EncryptionContext={"textarchive": "organisation 1"})
    assert answer["Plaintext"] == SECRET


def test_an_unknown_key_is_said_with_the_setting_to_look_at(kms: Any) -> None:
    wrapper = KmsWrapper(kms, "00000000-0000-0000-0000-000000000000")
    with pytest.raises(NotReady, match="TEXTARCHIVE_KMS_KEY_ID"):
        wrapper.wrap(SECRET, "organisation 1")


@pytest.mark.parametrize("code", ["DisabledException", "AccessDeniedException", "KMSInvalidStateException"])
def test_a_key_that_kms_will_not_use_is_not_called_damaged(kms: Any, key_id: str, code: str) -> None:
    """What the service answers to a disabled key is stubbed: moto goes on opening with it."""
    wrapped = KmsWrapper(kms, key_id).wrap(SECRET, "organisation 1")
    with Stubber(kms) as service:
        service.add_client_error("decrypt", code)
        with pytest.raises(NotReady, match="state in KMS"):
            KmsWrapper(kms, key_id).unwrap(wrapped, "organisation 1")


def test_a_service_that_does_not_answer_is_said_to_be_out_of_reach(kms: Any, key_id: str) -> None:
    wrapped = KmsWrapper(kms, key_id).wrap(SECRET, "organisation 1")

    def unplugged(**_: Any) -> None:
        raise EndpointConnectionError(endpoint_url="https://kms.example")

    kms.meta.events.register("before-send.kms", unplugged)
    with pytest.raises(NotReady, match="can't be reached"):
        KmsWrapper(kms, key_id).unwrap(wrapped, "organisation 1")
