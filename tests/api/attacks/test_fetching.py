"""URLs that are submitted: what may be fetched is fetched whole; nothing inside is reached."""

import io
import time
from collections.abc import Iterator, Sequence

import httpx
import pytest

from api.app import create_app
from orchestrator.errors import NotFetched, UnsafeAddress
from orchestrator.outbound import download, fetch_guarded
from orchestrator.settings import Settings
from tests.api.attacks.visited import Visited, visited
from tests.api.conftest import Connect
from tests.api.test_problems import check
from tests.support.engine import Engine

DOCUMENTS = "/v1/documents"
FORMS = (
    "http://127.0.0.1:{port}/", "http://localhost:{port}/", "http://2130706433:{port}/", "http://0x7f000001:{port}/",
    "http://0x7f.1:{port}/", "http://127.1:{port}/", "http://0177.0.0.1:{port}/", "http://[::1]:{port}/",
    "http://[::ffff:127.0.0.1]:{port}/", "http://0.0.0.0:{port}/", "http://[::]:{port}/", "http://127。0。0。1:{port}/",
    "http://example.org@127.0.0.1:{port}/", "http://127.0.0.1:{port}\\@example.org/", "http://169.254.169.254/latest/meta-data/",
    "file:///etc/passwd", "gopher://127.0.0.1:{port}/", "ftp://127.0.0.1/", "//127.0.0.1/", "http://", "http:///x",
    "http://a b/", "http://[::1", "http://1.1.1.1:6379/", "dict://127.0.0.1:6379/info", "x", "http://\x00/",
)  # fmt: skip


@pytest.fixture
def inside() -> Iterator[Visited]:
    with visited() as server:
        yield server


@pytest.fixture
def allowing(settings: Settings) -> Settings:
    """Settings of an intranet: this address of the machine, and no other."""
    return settings.model_copy(update={"outbound_allow": "127.0.0.1", "fetch_timeout": 1.0, "fetch_size": 1000})


@pytest.mark.parametrize("form", FORMS)
async def test_nothing_inside_is_reached_however_it_is_written(
    client: httpx.AsyncClient, inside: Visited, form: str
) -> None:
    wanted = {"pipeline": "filed", "url": form.format(port=inside.port)}
    answer = await client.post(DOCUMENTS, json=wanted)
    kind = answer.json()["type"].rpartition("/")[2]
    assert kind in {"url-not-allowed", "unreadable-url"}, answer.text
    check(answer, kind)
    assert inside.seen == []
    assert (await client.get(DOCUMENTS)).json()["documents"] == []


async def test_what_is_allowed_is_fetched_whole(
    allowing: Settings, connect: Connect, inside: Visited, engine: Engine
) -> None:
    client = await connect(create_app(allowing))
    wanted = {"pipeline": "filed", "url": f"http://127.0.0.1:{inside.port}/a%2Fb%00%22%3Cscript%3E.pdf?secret"}
    document = (await client.post(DOCUMENTS, json=wanted)).json()["id"]
    (blob,) = (allowing.data_dir / "blobs" / document / "input").iterdir()
    assert (blob.name, blob.read_bytes()) == ('b_"<script>.pdf', inside.content)
    engine.slot().work_off()
    assert (await client.get(f"{DOCUMENTS}/{document}")).json()["status"] == "succeeded"


async def test_a_redirect_is_judged_as_the_url_was(allowing: Settings, inside: Visited) -> None:
    with visited("127.0.0.2", inside.port) as other:
        inside.headers = {"Location": f"http://127.0.0.2:{other.port}/"}
        with pytest.raises(UnsafeAddress):
            await download(f"http://127.0.0.1:{inside.port}/302", io.BytesIO(), allowing)
        inside.headers = {"Location": "file:///etc/passwd"}
        with pytest.raises(UnsafeAddress):
            await download(f"http://127.0.0.1:{inside.port}/302", io.BytesIO(), allowing)
        assert len(inside.seen) == 2
        assert other.seen == []


async def test_a_redirect_to_itself_comes_to_an_end(allowing: Settings, inside: Visited) -> None:
    inside.headers = {"Location": "/302"}
    with pytest.raises(NotFetched, match="redirect"):
        await download(f"http://127.0.0.1:{inside.port}/302", io.BytesIO(), allowing)
    assert len(inside.seen) <= 6


async def test_a_name_that_leads_elsewhere_a_moment_later_is_looked_up_once(
    allowing: Settings, inside: Visited
) -> None:
    """DNS rebinding: the connection goes to the address that was judged."""
    asked: list[str] = []

    async def rebinding(host: str, _port: int) -> Sequence[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["127.0.0.2"]

    with visited("127.0.0.2", inside.port) as other:
        url = f"http://rebinding.example:{inside.port}/"
        async with fetch_guarded("GET", url, allowing, resolve=rebinding) as answer:
            assert await answer.aread() == inside.content
        assert (asked, other.seen) == (["rebinding.example"], [])
        assert inside.seen == [("/", f"rebinding.example:{inside.port}")]


async def test_one_address_that_is_not_allowed_refuses_them_all(allowing: Settings, inside: Visited) -> None:
    async def both(_host: str, _port: int) -> Sequence[str]:
        return ["127.0.0.1", "127.0.0.2"]

    with pytest.raises(UnsafeAddress, match="DOCMILL_OUTBOUND_ALLOW"):
        async with fetch_guarded("GET", f"http://both.example:{inside.port}/", allowing, resolve=both):
            pass
    assert inside.seen == []


@pytest.mark.parametrize(
    ("path", "headers", "size", "told"),
    [
        ("/", {}, 1001, "more than 1000 bytes"),
        ("/", {"Content-Length": "1001"}, 1001, "more than 1000 bytes"),
        ("/", {"Content-Encoding": "gzip"}, 10, "compressed"),
        ("/404", {}, 10, "HTTP 404"),
        ("/slow", {"Content-Length": "999"}, 10, "within 1 s"),
    ],
)
async def test_what_is_too_large_too_slow_or_packed_is_refused(
    allowing: Settings, inside: Visited, path: str, headers: dict[str, str], size: int, told: str
) -> None:
    inside.headers, inside.content = headers, b"x" * size
    into, began = io.BytesIO(), time.monotonic()
    with pytest.raises(NotFetched, match=told):
        await download(f"http://127.0.0.1:{inside.port}{path}", into, allowing)
    assert len(into.getvalue()) <= 1000
    assert time.monotonic() - began < 3


async def test_a_proxy_of_the_environment_is_not_asked(
    allowing: Settings, inside: Visited, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would look the name up itself."""
    with visited() as proxy:
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{proxy.port}")
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{proxy.port}")
        await download(f"http://127.0.0.1:{inside.port}/", io.BytesIO(), allowing)
        assert proxy.seen == []
