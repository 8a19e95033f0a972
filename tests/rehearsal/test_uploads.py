"""Files both ways, byte for byte; and a memory for them that has an end."""

import io
import struct
from typing import Any

import aiohttp
import pytest

from rehearsal.calls import Upload
from rehearsal.files import Files


def png(width: int = 20, height: int = 10, tail: bytes = b"") -> bytes:
    return b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", width, height) + tail


async def upload(
    client: Any, path: str, data: bytes, name: str, status: int = 200, **fields: Any
) -> Any:
    # As browsers do: names go unquoted.
    form = aiohttp.FormData({key: str(each) for key, each in fields.items()}, quote_fields=False)
    stream = io.BytesIO(data)
    form.add_field("file", stream, filename=name, content_type="application/octet-stream")
    async with client.session.post(f"{client.url}{path}/upload", data=form) as response:
        assert response.status == status, await response.text()
        return await response.json()


async def send(client: Any, kind: str, data: bytes, name: str, **fields: Any) -> dict[str, Any]:
    form = aiohttp.FormData({key: str(each) for key, each in fields.items()})
    stream = io.BytesIO(data)
    form.add_field(kind, stream, filename=name, content_type="application/octet-stream")
    url = f"{client.url}/bot{client.token}/send{kind.capitalize()}"
    async with client.session.post(url, data=form) as response:
        return dict(await response.json())


async def fetched(client: Any, path: str) -> tuple[int, bytes]:
    async with client.session.get(f"{client.url}/file/bot{client.token}/{path}") as response:
        return response.status, await response.read()


@pytest.mark.parametrize(("kind", "name"), [("photo", "anh.png"), ("document", "đơn vị.xlsx")])
async def test_t46_what_a_person_sends_comes_to_the_bot_byte_for_byte(
    client: Any, kind: str, name: str
) -> None:
    hoa = await client.person("Hoa")
    data = png(tail=bytes(range(256)) * 50)
    client.heard()

    await upload(client, f"/people/{hoa}", data, name, kind=kind, caption="Danh sách")
    message = client.heard()[0]["message"]
    media = message["photo"][-1] if kind == "photo" else message["document"]
    file = await client.result("getFile", file_id=media["file_id"])

    assert message["caption"] == "Danh sách"
    assert media["file_size"] == file["file_size"] == len(data)
    assert await fetched(client, file["file_path"]) == (200, data)
    if kind == "photo":
        assert (media["width"], media["height"]) == (20, 10)
    else:
        assert media["file_name"] == name


async def test_a_file_in_a_group_is_the_members(client: Any) -> None:
    hoa, nam = await client.person("Hoa"), await client.person("Nam")
    group = await client.group(hoa, nam)
    await client.post(f"/groups/{group}/bot/promote", by=hoa)
    client.heard()

    await upload(client, f"/groups/{group}", b"1,2", "a.csv", kind="document", by=nam)
    message = client.heard()[0]["message"]
    shown = (await client.messages(group))[-1]

    assert (message["from"]["id"], message["document"]["file_name"]) == (nam, "a.csv")
    async with client.session.get(client.url + shown["file"]["url"]) as response:
        assert await response.read() == b"1,2"
    await upload(client, f"/groups/{group}", b"x", "a.csv", 403, by=99)


@pytest.mark.parametrize(
    ("data", "fields", "status"),
    [
        (b"", {"kind": "document"}, 400),
        (b"no picture", {"kind": "photo"}, 400),
        (b"x", {"kind": "video"}, 400),
        (b"x", {"kind": "document", "caption": "x" * 1025}, 400),
    ],
)
async def test_what_cannot_be_sent_is_told(
    client: Any, data: bytes, fields: dict[str, str], status: int
) -> None:
    hoa = await client.person("Hoa")

    answer = await upload(client, f"/people/{hoa}", data, "a.bin", status, **fields)

    assert answer["error"]
    assert len(await client.messages(hoa)) == 1


async def test_an_upload_is_a_form_with_a_file(client: Any) -> None:
    hoa = await client.person("Hoa")

    await client.post(f"/people/{hoa}/upload", 400, text="x")
    form = aiohttp.FormData({"kind": "photo"}, default_to_multipart=True)
    async with client.session.post(f"{client.url}/people/{hoa}/upload", data=form) as response:
        assert (response.status, (await response.json())["error"]) == (
            400,
            "there is no file in the form",
        )


async def test_t46_a_file_above_twenty_megabytes_cannot_be_fetched(client: Any) -> None:
    hoa = await client.person("Hoa")
    at_limit, above = bytes(20 << 20), bytes((20 << 20) + 1)
    client.heard()

    for data in (at_limit, above):
        await upload(client, f"/people/{hoa}", data, "to.xlsx", kind="document")
    first, second = [each["message"]["document"] for each in client.heard()]

    assert (await client.result("getFile", file_id=first["file_id"]))["file_size"] == 20 << 20
    assert await client.refusal("getFile", file_id=second["file_id"]) == (
        "Bad Request: file is too big"
    )


async def test_photos_above_ten_megabytes_are_refused(client: Any) -> None:
    hoa = await client.person("Hoa")
    data = png(tail=bytes(10 << 20))

    body = await send(client, "photo", data, "p.png", chat_id=hoa)

    assert body["description"] == (
        f"Bad Request: file of size {len(data)} bytes is too big for a photo; "
        "the maximum size is 10485760 bytes"
    )


async def test_a_file_id_keeps_its_kind(client: Any) -> None:
    hoa = await client.person("Hoa")
    photo = (await send(client, "photo", png(), "p.png", chat_id=hoa))["result"]["photo"][0]
    document = (await send(client, "document", b"x", "a.txt", chat_id=hoa))["result"]["document"]

    assert await client.refusal("sendDocument", chat_id=hoa, document=photo["file_id"]) == (
        "Bad Request: can't use file of type Photo as Document"
    )
    assert await client.refusal("sendPhoto", chat_id=hoa, photo=document["file_id"]) == (
        "Bad Request: can't use file of type Document as Photo"
    )


async def test_the_page_is_given_pictures_as_pictures_and_the_rest_as_bytes(client: Any) -> None:
    hoa = await client.person("Hoa")
    await send(client, "photo", png(), "p.html", chat_id=hoa)
    await send(client, "document", b"<script>alert(1)</script>", "x.png", chat_id=hoa)
    kinds = []

    for message in (await client.messages(hoa))[1:]:
        async with client.session.get(client.url + message["file"]["url"]) as response:
            kinds.append((response.content_type, response.headers["X-Content-Type-Options"]))

    assert kinds == [("image/png", "nosniff"), ("application/octet-stream", "nosniff")]


async def test_the_oldest_bytes_go_and_the_message_stays(make_client: Any) -> None:
    client = await make_client(files_bytes=250)
    hoa = await client.person("Hoa")
    sent = [
        (await send(client, "document", bytes(100), f"{number}.bin", chat_id=hoa))["result"]
        for number in range(3)
    ]
    ids = [each["document"]["file_id"] for each in sent]

    gone = await client.refusal("getFile", file_id=ids[0])
    kept = await client.result("getFile", file_id=ids[1])
    again = await client.result("sendDocument", chat_id=hoa, document=ids[0])

    assert gone == "Bad Request: wrong file_id or the file is temporarily unavailable"
    assert await fetched(client, kept["file_path"]) == (200, bytes(100))
    assert await fetched(client, "documents/file_0.bin") == (
        404,
        b'{"ok":false,"error_code":404,"description":"Not Found"}',
    )
    assert again["document"] == sent[0]["document"]
    shown = await client.messages(hoa)
    assert [each["file"]["size"] for each in shown[1:]] == [100] * 4
    await client.get(shown[1]["file"]["url"], 404)


def test_files_hold_no_more_than_their_limit() -> None:
    files = Files(limit=1_000)

    for number in range(100):
        files.add(Upload(f"{number}.bin", "x/y", bytes(number)), "document")
        held = [each.size for each in files._whole.values()]
        assert sum(held) == files._total <= 1_000

    assert held == list(range(90, 100))
