"""Covers on storage that speaks S3 (moto's server on loopback), as several machines share it."""

import os
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import boto3  # type: ignore[import-untyped]
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import default_storage, storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from moto.server import ThreadedMotoServer
from PIL import Image
from pytest_django import Settings

from catalog import covers
from catalog.models import Edition
from lending.running import machine_checks
from lending.running.backup import back_up
from lending.running.findings import State
from library import env
from tests.catalog.test_covers import photo
from tests.factories import make_edition
from tests.lending.receivers import free_port
from tests.lending.running.places import Place

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Iterator[ThreadedMotoServer]:
    """A server with an empty bucket, and the nook told of it as its settings are."""
    port, bucket = free_port(), f"nook-{uuid4().hex}"  # moto keeps what it holds for the whole process
    running = ThreadedMotoServer(ip_address="127.0.0.1", port=port, verbose=False)
    running.start()
    for name, value in (("AWS_ACCESS_KEY_ID", "a"), ("AWS_SECRET_ACCESS_KEY", "b"), ("AWS_MAX_ATTEMPTS", "1")):
        monkeypatch.setenv(name, value)
    address = f"http://127.0.0.1:{port}"
    boto3.client("s3", endpoint_url=address, region_name="kr-1").create_bucket(
        Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "kr-1"}
    )
    monkeypatch.setenv("MEDIA_STORAGE", f"s3://{bucket}/nook?endpoint={address}&region=kr-1")
    settings.STORAGES = settings.STORAGES | {"default": env.media_storage("MEDIA_STORAGE")}
    try:
        yield running
    finally:
        running.stop()


def with_cover(data: bytes | None = None) -> Edition:
    edition = make_edition()
    covers.save_cover(edition=edition, upload=SimpleUploadedFile("cover.jpg", data or photo()))
    return edition


def shown(edition: Edition, size: str = "small") -> str:
    return reverse("catalog:cover", args=[edition.pk, size])


def test_a_cover_is_kept_shown_and_replaced(server: ThreadedMotoServer, client: Client) -> None:
    edition = with_cover()
    answer = client.get(shown(edition))
    with Image.open(BytesIO(answer.content)) as picture:
        assert (answer["Content-Type"], picture.format, picture.width) == ("image/webp", "WEBP", 320)
    assert (len(covers.stored()), machine_checks.media()[0].state) == (3, State.GOOD)
    covers.save_cover(edition=edition, upload=SimpleUploadedFile("b.jpg", photo()))
    assert {name.split("-")[0] for name in covers.stored()} == {edition.cover}


def test_a_cover_that_is_gone_is_missed(server: ThreadedMotoServer, client: Client) -> None:
    edition = with_cover()
    default_storage.delete(str(covers.name_of(edition, "small")))
    assert client.get(shown(edition)).status_code == 404
    assert "missing: 1" in machine_checks.media()[0].text


def test_storage_that_is_away_costs_no_book(server: ThreadedMotoServer, client: Client) -> None:
    edition = with_cover()
    server.stop()
    answer = client.get(shown(edition))
    assert (answer.status_code, answer["Cache-Control"]) == (503, "no-store")
    assert client.get(reverse("catalog:book", args=[edition.pk])).status_code == 200
    kept = edition.cover
    with pytest.raises(covers.CoverRefused, match="could not be kept"):
        covers.save_cover(edition=edition, upload=SimpleUploadedFile("b.jpg", photo()))
    edition.refresh_from_db()
    assert edition.cover == kept
    with pytest.raises(OSError, match="shared storage"):
        machine_checks.media()


def test_a_backup_takes_them_and_a_restore_brings_them_back(
    server: ThreadedMotoServer, place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_cover()
    before = {name: default_storage.open(f"covers/{name}").read() for name in covers.stored()}
    back_up(to=tmp_path / "b.tar")
    refused = place.manage("restore", tmp_path / "b.tar")
    assert (refused.returncode, "The shared storage holds files already" in refused.stderr) == (1, True)
    address = os.environ["MEDIA_STORAGE"].replace("/nook?", "/elsewhere?")
    monkeypatch.setenv("MEDIA_STORAGE", address)
    done = place.manage("restore", tmp_path / "b.tar")
    assert done.returncode == 0, done.stderr
    elsewhere = storages.create_storage(env.media_storage("MEDIA_STORAGE"))
    assert {name: elsewhere.open(f"covers/{name}").read() for name in elsewhere.listdir("covers")[1]} == before


def test_what_is_no_address_of_a_bucket_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    for wrong in ("https://host/bucket", "s3://", "s3://bucket?endpont=https://host"):
        monkeypatch.setenv("MEDIA_STORAGE", wrong)
        with pytest.raises(ImproperlyConfigured, match="MEDIA_STORAGE must be s3://"):
            env.media_storage("MEDIA_STORAGE")
