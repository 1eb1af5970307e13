import errno
import hashlib
import os
import signal
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import FileSystemStorage
from django.db import connections
from django.utils import timezone
from pypdf import PdfReader

from applications.actions import render_due_documents, rendering
from applications.models import Document
from applications.pdf import can_render
from tests import factories
from tests.conftest import EVERY_ROLE
from tests.factories.workers import wait_until, worker

pytestmark = pytest.mark.django_db(transaction=True, databases=EVERY_ROLE)


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    """Keep the PDFs of a test in a folder of its own."""
    if not can_render():
        pytest.skip("pango is missing: apt-get install libpango-1.0-0 …")
    return keep_files_in(tmp_path, settings)


def keep_files_in(path, settings):
    default = settings.STORAGES["default"]
    options = {**default["OPTIONS"], "location": path}
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {**default, "OPTIONS": options},
    }
    return path


def papers():
    return Document.objects.using("worker").order_by("created_at")


def only_paper():
    return papers().get()


def let_time_pass():
    """Make every paper due, as if its lease or its wait had ended."""
    papers().filter(render_at__isnull=False).update(render_at=timezone.now())


def files_in(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_the_receipt_of_a_filing_becomes_a_pdf_file(folder):
    factories.application()

    assert render_due_documents() == 1

    paper = only_paper()
    [path] = files_in(folder)
    assert Path(paper.file.path) == path
    assert path.read_bytes().startswith(b"%PDF-")
    assert paper.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert paper.render_at is None
    assert render_due_documents() == 0


def test_a_real_worker_makes_papers_with_the_fonts_it_read_before_it_forked(folder):
    factories.application()
    with worker("pdf", DOCUMENT_DIR=str(folder)) as pdf_worker:
        pdf_worker.start()
        wait_until(
            lambda: only_paper().file,
            "the paper is made",
            "applications.tasks.render_documents",
        )

    text = PdfReader(only_paper().file.path).pages[0].extract_text()
    assert "髙知" in text


def test_a_worker_killed_in_the_middle_of_a_paper_loses_nothing(folder):
    factories.application()
    half = killed_while_writing()

    assert half.read_bytes() == b"%PDF-1.7 half"
    assert render_due_documents() == 0  # the dead worker's lease still holds
    let_time_pass()
    assert render_due_documents() == 1

    paper = only_paper()
    assert files_in(folder) == [Path(paper.file.path)]
    assert Path(paper.file.path).read_bytes().endswith(b"%%EOF\n")


def killed_while_writing():
    """Let a real process claim the paper, write half of it and be killed -9."""
    connections.close_all()
    reads, writes = os.pipe()
    child = os.fork()
    if not child:
        try:
            rendering.render_pdf = lambda paper: half_a_paper(paper, writes)
            render_due_documents()
        finally:
            os._exit(1)
    os.close(writes)
    with os.fdopen(reads) as pipe:
        path = Path(pipe.readline().strip())
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return path


def half_a_paper(paper, pipe):
    name = f"{paper.organization_id}/{paper.pk}-{paper.attempts}.pdf"
    path = Path(paper.file.storage.path(name))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"%PDF-1.7 half")
    os.write(pipe, f"{path}\n".encode())
    signal.pause()


def test_a_worker_that_comes_back_late_does_not_overwrite_what_another_made(
    folder, monkeypatch
):
    factories.application()
    render = rendering.render_pdf

    def slowly(paper):
        monkeypatch.setattr(rendering, "render_pdf", render)
        let_time_pass()
        assert render_due_documents() == 1
        return b"%PDF late"

    monkeypatch.setattr(rendering, "render_pdf", slowly)
    render_due_documents()

    [path] = files_in(folder)
    assert Path(only_paper().file.path) == path
    assert path.read_bytes() != b"%PDF late"


def test_a_full_disk_delays_papers_longer_and_longer_and_filing_not_at_all(
    folder, monkeypatch, caplog
):
    def full(self, name, content):
        raise OSError(errno.ENOSPC, "No space left on device")

    factories.application()
    with monkeypatch.context() as patch:
        patch.setattr(FileSystemStorage, "_save", full)
        for seconds in (2, 4, 8, 16):
            let_time_pass()
            before = timezone.now()
            assert render_due_documents() == 0
            wait = timedelta(seconds=seconds)
            assert before <= only_paper().render_at - wait <= timezone.now()
        assert factories.application().number
    let_time_pass()

    assert caplog.messages == ["paper not rendered"] * 4
    assert render_due_documents() == 2
    assert len(files_in(folder)) == 2


def test_a_paper_that_cannot_be_made_does_not_stop_the_others(monkeypatch, caplog):
    broken = factories.application()
    factories.application()
    render = rendering.render_pdf

    def sometimes(paper):
        if paper.application_id == broken.pk:
            message = "no such glyph"
            raise ValueError(message)
        return render(paper)

    monkeypatch.setattr(rendering, "render_pdf", sometimes)

    assert render_due_documents() == 1
    assert papers().get(render_at__isnull=False).application_id == broken.pk


def test_no_wait_is_longer_than_an_hour(monkeypatch):
    factories.application()
    papers().update(attempts=200)
    monkeypatch.setattr(rendering, "render_pdf", lambda _: 1 / 0)

    render_due_documents()

    assert only_paper().render_at - timezone.now() < timedelta(hours=1, seconds=1)


@pytest.fixture
def tiny_disk(tmp_path, settings):
    """Mount a real disk of 64 KB, with room for one paper and not for two."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["/usr/bin/mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", disk],
        check=False,
        capture_output=True,
    )
    if mounted.returncode:
        pytest.skip("only root may mount the tiny disk that this test fills")
    yield keep_files_in(disk, settings)
    subprocess.run(["/usr/bin/umount", disk], check=True)


def test_a_disk_that_is_really_full_loses_no_paper(tiny_disk, caplog):
    (tiny_disk / "ballast").write_bytes(bytes(56 * 1024))
    factories.application()

    assert render_due_documents() == 0
    assert factories.application().number

    (tiny_disk / "ballast").unlink()
    subprocess.run(["/usr/bin/mount", "-o", "remount,size=1m", tiny_disk], check=True)
    let_time_pass()
    assert render_due_documents() == 2
    assert {Path(p.file.path) for p in papers()} == set(files_in(tiny_disk))
