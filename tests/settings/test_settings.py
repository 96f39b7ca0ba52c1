"""Settings are read once, and a name that nobody knows is an error that helps."""

import dataclasses
from pathlib import Path

import pytest

from archive.core.errors import BadInput
from archive.settings import PREFIX, SETTINGS, Bucket, Settings, read_settings


def test_without_any_setting_everything_is_in_one_folder() -> None:
    settings = read_settings({"HOME": "/home/somebody"})
    assert settings.data == Path("textarchive-data").absolute()
    assert settings.database_url == f"sqlite:///{settings.data / 'archive.db'}"
    assert (settings.vault, settings.index) == (settings.data / "vault", settings.data / "index")
    assert settings.master_key_file == settings.data / "master.key"
    assert (settings.master_key, settings.kms_key_id, settings.trusted_proxies) == (None, None, 0)
    assert settings.public_url == "http://127.0.0.1:8080"
    assert not settings.secure_cookies


def test_everything_follows_the_data_folder(tmp_path: Path) -> None:
    settings = read_settings({"TEXTARCHIVE_DATA": str(tmp_path)})
    assert settings.database_url == f"sqlite:///{tmp_path / 'archive.db'}"
    assert settings.vault == tmp_path / "vault"


def test_what_is_set_is_what_counts(tmp_path: Path) -> None:
    settings = read_settings(
        {
            "TEXTARCHIVE_DATA": str(tmp_path),
            "TEXTARCHIVE_DATABASE_URL": "postgresql://somebody@db/texts",
            "TEXTARCHIVE_VAULT": str(tmp_path / "elsewhere"),
            "TEXTARCHIVE_PUBLIC_URL": "https://texts.example.com/",
            "TEXTARCHIVE_MASTER_KEY": "00" * 32,
            "TEXTARCHIVE_MASTER_KEY_FILE": str(tmp_path / "key"),
            "TEXTARCHIVE_KMS_KEY_ID": "alias/texts",
            "TEXTARCHIVE_TRUSTED_PROXIES": "2",
        }
    )
    assert settings.database_url == "postgresql://somebody@db/texts"
    assert settings.vault == tmp_path / "elsewhere"
    assert settings.public_url == "https://texts.example.com"
    assert settings.secure_cookies
    assert (settings.master_key, settings.kms_key_id) == ("00" * 32, "alias/texts")
    assert (settings.master_key_file, settings.trusted_proxies) == (tmp_path / "key", 2)


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("TEXTARCHIVE_DATABASE", "TEXTARCHIVE_DATABASE_URL"),
        ("TEXTARCHIVE_PUBLIC_URI", "TEXTARCHIVE_PUBLIC_URL"),
        ("TEXTARCHIVE_MASTERKEY", "TEXTARCHIVE_MASTER_KEY"),
    ],
)
def test_a_mistyped_name_is_refused_with_the_right_one(wrong: str, right: str) -> None:
    with pytest.raises(BadInput, match=f"{wrong} is not a setting.*Did you mean {right}?"):
        read_settings({wrong: "x"})


def test_a_name_like_none_that_there_is_gets_the_whole_list() -> None:
    with pytest.raises(BadInput, match=r"Known are .*TEXTARCHIVE_DATA"):
        read_settings({"TEXTARCHIVE_XYZZY_PLUGH_FROBOZZ": "x"})


@pytest.mark.parametrize("value", ["-1", "one", "1.5", " 1"])
def test_a_count_that_is_none_is_refused(value: str) -> None:
    with pytest.raises(BadInput, match="TEXTARCHIVE_TRUSTED_PROXIES"):
        read_settings({"TEXTARCHIVE_TRUSTED_PROXIES": value})


def test_every_setting_becomes_a_field_and_says_what_it_is_for() -> None:
    fields = {field.name for field in dataclasses.fields(Settings)}
    assert {setting.name.lower() for setting in SETTINGS} == fields
    assert all(setting.about.endswith(".") for setting in SETTINGS)
    assert PREFIX == "TEXTARCHIVE_"


def test_settings_do_not_change_once_they_are_read() -> None:
    settings = read_settings({})
    with pytest.raises(dataclasses.FrozenInstanceError):
        settings.public_url = "http://elsewhere"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("value", "bucket", "shown"),
    [
        ("s3://texts", Bucket("texts"), "s3://texts"),
        ("s3://texts/", Bucket("texts"), "s3://texts"),
        ("s3://texts/a/b", Bucket("texts", "a/b/"), "s3://texts/a/b"),
        ("s3://texts//a/", Bucket("texts", "a/"), "s3://texts/a"),
    ],
)
def test_a_bucket_is_named_by_its_address(value: str, bucket: Bucket, shown: str) -> None:
    settings = read_settings({"TEXTARCHIVE_VAULT": value, "TEXTARCHIVE_KEYS_BACKUP": value})
    assert settings.vault == settings.keys_backup == bucket
    assert str(bucket) == shown


@pytest.mark.parametrize("value", ["gs://texts", "s3://", "s3:///a", "https://s3.example/texts"])
def test_another_address_is_refused(value: str) -> None:
    with pytest.raises(BadInput, match="TEXTARCHIVE_VAULT"):
        read_settings({"TEXTARCHIVE_VAULT": value})


def test_objects_are_locked_for_some_years_and_not_for_ever_unless_somebody_says_so() -> None:
    settings = read_settings({})
    assert (settings.vault_mode, settings.vault_max_lock_days) == ("governance", 3000)
    chosen = read_settings({"TEXTARCHIVE_VAULT_MODE": "COMPLIANCE", "TEXTARCHIVE_VAULT_MAX_LOCK_DAYS": "500"})
    assert (chosen.vault_mode, chosen.vault_max_lock_days) == ("compliance", 500)
    with pytest.raises(BadInput, match="from 1 upward"):
        read_settings({"TEXTARCHIVE_VAULT_MAX_LOCK_DAYS": "0"})
    with pytest.raises(BadInput, match="governance or compliance"):
        read_settings({"TEXTARCHIVE_VAULT_MODE": "complaince"})


def test_each_role_has_its_own_profile_or_none() -> None:
    profiles = read_settings({"TEXTARCHIVE_VAULT_PURGE_PROFILE": "purger"}).profiles
    assert (profiles.purge, profiles.ingest, profiles.keys) == ("purger", None, None)
