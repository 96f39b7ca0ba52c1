"""Wrapping by AWS KMS: the master key never leaves the service.

The context goes along as KMS's encryption context, so it is authenticated there and visible in CloudTrail.
"""

from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from archive.core.errors import Damaged, NotReady


class KmsWrapper:
    """`client` is a boto3 KMS client; `key_id` an id, ARN or alias."""

    def __init__(self, client: Any, key_id: str) -> None:
        self._client = client
        self._key_id = key_id

    def wrap(self, secret: bytes, context: str) -> bytes:
        try:
            answer = self._client.encrypt(
                KeyId=self._key_id, Plaintext=secret, EncryptionContext={"textarchive": context}
            )
        except (ClientError, BotoCoreError) as problem:
            raise NotReady(
                f"KMS did not wrap a key: {problem}", "Check TEXTARCHIVE_KMS_KEY_ID and its policy."
            ) from None
        return bytes(answer["CiphertextBlob"])

    def unwrap(self, wrapped: bytes, context: str) -> bytes:
        try:
            answer = self._client.decrypt(CiphertextBlob=wrapped, EncryptionContext={"textarchive": context})
        except ClientError as problem:
            if problem.response.get("Error", {}).get("Code") == "InvalidCiphertextException":
                raise Damaged(
                    f"KMS does not open the key {context!r}.", "The wrapped key was changed, or moved from elsewhere."
                ) from None
            raise NotReady(f"KMS did not open a key: {problem}", "Check the key's policy and state in KMS.") from None
        except BotoCoreError as problem:
            raise NotReady(f"KMS can't be reached: {problem}", "Check the network and the credentials.") from None
        return bytes(answer["Plaintext"])
