"""`visavis pull` against publishers that drop, lie, move and change."""

from __future__ import annotations

import hashlib
import inspect
import io
import json
import socket
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
import yaml
from desk import Done
from publisher import Offer, Publisher

from runtime.pull import Pulled, Weights, catalogue, pull
from runtime.pull.catalogue import Source
from runtime.pull.fetching import TRIES, Fetch, client
from visavis.engines import engine
from visavis.errors import ConfigError, OptionError, SetupError
from visavis.pulled import pulled

DATA = bytes(range(256)) * 4_000
SHA = hashlib.sha256(DATA).hexdigest()


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with Publisher() as running:
        running.files["/model.bin"] = Offer(DATA)
        running.files["/config.json"] = Offer(b"{}")
        yield running


@pytest.fixture(scope="module")
def http() -> Iterator[httpx2.Client]:
    with client() as made:
        yield made


def weights(publisher: Publisher, *paths: str, **fields: Any) -> Weights:
    files = tuple(Source(path=path, url=f"{publisher.url}/{path}") for path in paths or ("model.bin", "config.json"))
    told = {"name": "tiny", "what": "", "use": "", "mb": 1, "licence": "MIT", "page": publisher.url, "files": files}
    return Weights(**(told | fields))


def get(publisher: Publisher, folder: Path, http: httpx2.Client, **fields: Any) -> Pulled:
    return pull(weights(publisher, **fields), folder, http, wait=lambda _: None)


def left_over(folder: Path) -> list[str]:
    return [path.name for path in (folder / ".partial").rglob("*") if path.suffix != ".lock"]


# ── the way here ──
def test_files_come_whole_and_their_hashes_are_recorded(
    publisher: Publisher, tmp_path: Path, http: httpx2.Client
) -> None:
    seen: list[tuple[int, int]] = []
    done = pull(weights(publisher), tmp_path, http, lambda here, total: seen.append((here, total)))
    assert (done.folder / "model.bin").read_bytes() == DATA
    assert done.recorded == ("model.bin", "config.json")
    assert (done.fetched, done.bytes) == (True, len(DATA) + 2)
    assert seen[-1][0] == len(DATA) + 2
    assert [here for here, _ in seen] == sorted(here for here, _ in seen)
    record = json.loads((tmp_path / ".records" / "tiny.json").read_text())
    assert record["sources"][f"{publisher.url}/model.bin"] == record["files"]["model.bin"] == SHA
    assert not left_over(tmp_path)


def test_what_is_here_is_not_fetched_again(publisher: Publisher, tmp_path: Path, http: httpx2.Client) -> None:
    get(publisher, tmp_path, http)
    publisher.asked.clear()
    again = get(publisher, tmp_path, http)
    assert not again.fetched
    assert publisher.asked == []


def test_a_dropped_transfer_goes_on_where_it_broke_off(
    publisher: Publisher, tmp_path: Path, http: httpx2.Client
) -> None:
    publisher.files["/model.bin"].drops = [400_000, 300_000]
    get(publisher, tmp_path, http)
    assert (tmp_path / "tiny" / "model.bin").read_bytes() == DATA
    ranges = [asked for path, asked in publisher.asked if path == "/model.bin"]
    assert ranges == [None, "bytes=400000-", "bytes=700000-"]


def test_a_server_without_ranges_starts_again(publisher: Publisher, tmp_path: Path, http: httpx2.Client) -> None:
    publisher.files["/model.bin"] = Offer(DATA, ranges=False, drops=[400_000])
    get(publisher, tmp_path, http)
    assert (tmp_path / "tiny" / "model.bin").read_bytes() == DATA


def test_another_run_goes_on_with_what_came(publisher: Publisher, tmp_path: Path, http: httpx2.Client) -> None:
    publisher.files["/model.bin"].drops = [400_000, *[0] * (TRIES + 1)]
    with pytest.raises(SetupError, match="what has come is kept"):
        get(publisher, tmp_path, http)
    assert not (tmp_path / "tiny").exists()
    publisher.asked.clear()
    publisher.files["/model.bin"].drops = []
    get(publisher, tmp_path, http)
    assert publisher.asked[0] == ("/model.bin", "bytes=400000-")
    assert (tmp_path / "tiny" / "model.bin").read_bytes() == DATA


def test_a_file_that_changed_midway_is_not_patched_together(
    publisher: Publisher, tmp_path: Path, http: httpx2.Client
) -> None:
    publisher.files["/model.bin"].drops = [400_000, *[0] * (TRIES + 1)]
    with pytest.raises(SetupError):
        get(publisher, tmp_path, http)
    other = DATA[::-1]
    publisher.files["/model.bin"] = Offer(other, tag='"two"')
    get(publisher, tmp_path, http)
    assert (tmp_path / "tiny" / "model.bin").read_bytes() == other


def test_a_length_that_is_never_reached_is_told(publisher: Publisher, tmp_path: Path, http: httpx2.Client) -> None:
    publisher.files["/model.bin"] = Offer(DATA, ranges=False, says=len(DATA) + 10)
    with pytest.raises(SetupError, match="breaks off again and again"):
        get(publisher, tmp_path, http)
    assert not (tmp_path / "tiny").exists()


def test_a_file_without_a_length_is_refused_unless_its_hash_is_known(
    publisher: Publisher, tmp_path: Path, http: httpx2.Client
) -> None:
    publisher.files["/model.bin"] = Offer(DATA, silent=True)
    with pytest.raises(SetupError, match="how long it is"):
        get(publisher, tmp_path, http)
    known = Source(path="model.bin", url=f"{publisher.url}/model.bin", sha256=SHA, hash_from=publisher.url)
    done = pull(weights(publisher, files=(known,)), tmp_path, http)
    assert done.recorded == ()


def test_a_redirect_is_followed_and_an_overloaded_server_asked_again(
    publisher: Publisher, tmp_path: Path, http: httpx2.Client
) -> None:
    publisher.files["/elsewhere"] = publisher.files["/model.bin"]
    publisher.files["/model.bin"] = Offer(b"", to="/elsewhere", statuses=[503, 429])
    get(publisher, tmp_path, http)
    assert (tmp_path / "tiny" / "model.bin").read_bytes() == DATA


@pytest.mark.parametrize(("status", "says"), [(401, "log-in"), (403, "log-in"), (404, "page"), (418, "later")])
def test_a_refusal_says_what_to_do(
    status: int, says: str, publisher: Publisher, tmp_path: Path, http: httpx2.Client
) -> None:
    publisher.files["/model.bin"].statuses = [status]
    with pytest.raises(SetupError, match=says):
        get(publisher, tmp_path, http)


def test_far_too_large_a_file_is_refused(publisher: Publisher, tmp_path: Path, http: httpx2.Client) -> None:
    publisher.files["/model.bin"].says = 80_000_000
    with pytest.raises(SetupError, match="more than the catalogue says"):
        get(publisher, tmp_path, http)


# ── hashes ──
def test_a_changed_file_is_refused_until_it_is_accepted(
    publisher: Publisher, tmp_path: Path, http: httpx2.Client
) -> None:
    get(publisher, tmp_path, http)
    (tmp_path / "tiny" / "model.bin").unlink()
    publisher.files["/model.bin"] = Offer(DATA[::-1], tag='"two"')
    with pytest.raises(SetupError, match=r"has changed.*--accept"):
        get(publisher, tmp_path, http)
    accepted = pull(weights(publisher), tmp_path, http, accept=True)
    assert (accepted.folder / "model.bin").read_bytes() == DATA[::-1]


def test_a_damaged_file_alone_is_fetched_again(publisher: Publisher, tmp_path: Path, http: httpx2.Client) -> None:
    get(publisher, tmp_path, http)
    (tmp_path / "tiny" / "config.json").write_bytes(b"{")
    publisher.asked.clear()
    get(publisher, tmp_path, http)
    assert publisher.asked == [("/config.json", None)]
    assert (tmp_path / "tiny" / "config.json").read_bytes() == b"{}"
    assert (tmp_path / "tiny" / "model.bin").read_bytes() == DATA


def test_a_hash_of_the_publisher_is_held_to(publisher: Publisher, tmp_path: Path, http: httpx2.Client) -> None:
    wrong = Source(path="model.bin", url=f"{publisher.url}/model.bin", sha256="0" * 64, hash_from=publisher.url)
    with pytest.raises(SetupError, match="thrown away"):
        pull(weights(publisher, files=(wrong,)), tmp_path, http)
    assert not left_over(tmp_path) or "model.bin" not in left_over(tmp_path)


# ── archives ──
def tar(*files: tuple[str, bytes]) -> bytes:
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w:bz2") as made:
        for name, data in files:
            member = tarfile.TarInfo(name)
            member.size = len(data)
            made.addfile(member, io.BytesIO(data))
    return held.getvalue()


def test_an_archive_is_unpacked(publisher: Publisher, tmp_path: Path, http: httpx2.Client) -> None:
    publisher.files["/v.tar.bz2"] = Offer(tar(("v/model.onnx", b"m"), ("v/data/en", b"e")))
    tiny = weights(publisher, "v.tar.bz2", archive=True)
    done = pull(tiny, tmp_path, http)
    assert (done.folder / "data" / "en").read_bytes() == b"e"
    assert not (done.folder / "v.tar.bz2").exists()
    assert not pull(tiny, tmp_path, http).fetched


def test_an_archive_writes_nothing_outside(publisher: Publisher, tmp_path: Path, http: httpx2.Client) -> None:
    publisher.files["/up.tar"] = Offer(tar(("v/../../out", b"x")))
    with pytest.raises(SetupError, match="outside the destination"):
        pull(weights(publisher, "up.tar", archive=True), tmp_path / "weights", http)
    publisher.files["/root.tar"] = Offer(tar(("v//etc/out", b"x")))
    done = pull(weights(publisher, "root.tar", archive=True), tmp_path / "weights", http)
    assert (done.folder / "etc" / "out").read_bytes() == b"x"
    assert [path.name for path in tmp_path.iterdir()] == ["weights"]


def test_an_archive_that_swells_or_is_cut_is_refused(publisher: Publisher, tmp_path: Path, http: httpx2.Client) -> None:
    publisher.files["/v.tar.bz2"] = Offer(tar(("v/zeros", bytes(5_000_000))))
    with pytest.raises(SetupError, match="unpacks to far more"):
        pull(weights(publisher, "v.tar.bz2", archive=True), tmp_path, http)
    publisher.files["/w.tar.bz2"] = Offer(tar(("v/a", DATA))[:-40])
    with pytest.raises(SetupError, match="no whole tar file"):
        pull(weights(publisher, "w.tar.bz2", archive=True, name="cut"), tmp_path, http)


# ── this machine ──
def test_a_full_disk_is_told_before_anything_is_fetched(
    publisher: Publisher, tmp_path: Path, http: httpx2.Client
) -> None:
    with pytest.raises(SetupError, match="make room"):
        pull(weights(publisher, mb=1e12), tmp_path, http)
    assert publisher.asked == []


def test_a_disk_that_fills_up_on_the_way_is_told_and_what_came_is_kept(
    publisher: Publisher, tmp_path: Path, http: httpx2.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: Fetch, answer: httpx2.Response, total: int | None) -> None:
        self.part.write_bytes(DATA[:1000])
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as filling:
        filling.setattr(Fetch, "_receive", full)
        with pytest.raises(SetupError, match="No space left on device; make room"):
            get(publisher, tmp_path, http)
    assert get(publisher, tmp_path, http).fetched
    assert ("/model.bin", "bytes=1000-") in publisher.asked


@pytest.mark.parametrize("record", ["{broken", "[]", '{"files": 3}', '{"sources": ["a"]}'])
def test_a_record_that_means_nothing_is_named(
    publisher: Publisher, tmp_path: Path, http: httpx2.Client, record: str
) -> None:
    get(publisher, tmp_path, http)
    (tmp_path / ".records" / "tiny.json").write_text(record)
    with pytest.raises(SetupError, match=r"tiny\.json: this record cannot be read; remove it"):
        get(publisher, tmp_path, http)


def test_a_page_that_asks_for_a_log_in_is_no_weights(publisher: Publisher, tmp_path: Path, http: httpx2.Client) -> None:
    publisher.files["/model.bin"] = Offer(b"<html>log in</html>")
    with pytest.raises(SetupError, match=r"21 bytes came, far fewer than the 1\.0 MB of tiny"):
        get(publisher, tmp_path, http)
    assert not (tmp_path / "tiny").exists()
    publisher.files["/model.bin"] = Offer(DATA)
    assert get(publisher, tmp_path, http).fetched


def test_without_a_network_one_line_says_so(tmp_path: Path, http: httpx2.Client) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        nowhere = Source(path="a", url=f"http://127.0.0.1:{taken.getsockname()[1]}/a")
        told = {"name": "tiny", "what": "", "use": "", "mb": 1, "licence": "MIT", "page": nowhere.url}
        with pytest.raises(SetupError, match=r"127.0.0.1 cannot be reached; check the network"):
            pull(Weights(**told, files=(nowhere,)), tmp_path, http, wait=lambda _: None)


# ── the catalogue ──
def test_ours_is_on_publishers_pages_and_says_its_licences() -> None:
    for each in catalogue().weights:
        assert each.page.startswith("https://")
        assert each.licence
        assert not any(word in each.licence.lower() for word in ("-nc", "noncommercial", "non-commercial", "research"))
        assert "GPL" not in each.licence or each.licence_note
        assert f": {each.name}}}" in each.use or f": {each.name}," in each.use
        for file in each.files:
            assert file.url.startswith(("https://huggingface.co/", "https://github.com/")), file.url
            assert file.sha256 is None, "and its page was read?"


def test_what_ours_says_of_its_use_is_what_the_engines_take() -> None:
    for each in catalogue().weights:
        ((kind, written),) = yaml.safe_load(each.use).items()
        takes = inspect.signature(engine(kind, written.pop("engine")).open).parameters
        assert written["model"] == each.name
        assert set(written) <= set(takes), each.name


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{path: ../a, url: 'https://x.example/a'}", "no path inside"),
        ("{path: a, url: 'http://x.example/a'}", "no https address"),
        ("{path: a, url: 'file:///etc/passwd'}", "no https address"),
        (f"{{path: a, url: 'https://x.example/a', sha256: '{'0' * 64}'}}", "go together"),
    ],
)
def test_a_bad_catalogue_is_refused_by_line(line: str, says: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    head = "weights:\n- {name: a, what: '', use: '', mb: 1, licence: MIT, page: 'https://x.example', files: ["
    path.write_text(f"{head}{line}]}}\n")
    with pytest.raises(ConfigError, match=says) as refused:
        catalogue(path)
    assert refused.value.line == 2


# ── the verb, and what engines make of it ──
MINE = """\
weights:
  - name: tiny
    what: a tiny model
    use: "asr: {engine: faster-whisper, model: tiny}"
    mb: 1
    licence: MIT
    licence_note: Say thank you.
    page: URL
    files:
      - {path: model.bin, url: URL/model.bin}
"""


def test_the_verb_pulls_and_engines_find_it(
    publisher: Publisher, tmp_path: Path, here: Callable[..., Done], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    mine = tmp_path / "mine.yaml"
    mine.write_text(MINE.replace("URL", publisher.url))
    with pytest.raises(OptionError, match="run: visavis pull tiny"):
        pulled("tiny", tmp_path / ".visavis" / "cache")
    done = here("pull", "tiny", "--catalogue", mine)
    assert done.status == 0
    assert "recorded now" in done.out
    assert "Say thank you." in done.out
    assert "model: tiny" in done.out
    assert (pulled("tiny", tmp_path / ".visavis" / "cache") / "model.bin").read_bytes() == DATA
    listed = here("pull", "--list", "--catalogue", mine, "--json")
    assert [(row["name"], row["here"]) for row in listed.json] == [("tiny", True)]
    assert "unchanged" in here("pull", "tiny", "--catalogue", mine).out


def test_a_bad_call_and_an_unknown_name(here: Callable[..., Done]) -> None:
    assert here("pull").status == 2
    assert here("pull", "x", "--list").status == 2
    unknown = here("pull", "wisper-small")
    assert unknown.status == 1
    assert "whisper-small" in unknown.told
    assert "zipformer-zh-en" in here("pull", "--list").out
