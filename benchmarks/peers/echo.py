"""aiohttp on uvloop, no library: the edit goes back in the webhook's answer, nothing is kept."""

import aiohttp
import uvloop
from aiohttp import web

from paper import Given, place_in, read_given

GIVEN: Given = read_given()


def markup(place: int) -> dict[str, object]:
    rows = [
        [{"text": label, "callback_data": data} for label, data in row] for row in GIVEN.rows(place)
    ]
    return {"inline_keyboard": rows} if rows else {}


async def handle(request: web.Request) -> web.Response:
    update = await request.json()
    if "callback_query" in update:
        query = update["callback_query"]
        place = place_in(query["data"]) + 1
        message = query["message"]
        answer = {
            "method": "editMessageText",
            "chat_id": message["chat"]["id"],
            "message_id": message["message_id"],
        }
    else:
        place = 0
        answer = {"method": "sendMessage", "chat_id": update["message"]["chat"]["id"]}
    shown = {"text": GIVEN.text(place), "parse_mode": "HTML", "reply_markup": markup(place)}
    return web.json_response(answer | shown)


async def hear(_: web.Application) -> None:
    payload = {
        "url": GIVEN.webhook_url,
        "secret_token": GIVEN.secret,
        "max_connections": 100,
    }
    async with aiohttp.ClientSession() as session:
        await session.post(f"{GIVEN.api_url}/bot{GIVEN.token}/setWebhook", json=payload)


def main() -> None:
    app = web.Application()
    app.router.add_post("/hook", handle)
    app.on_startup.append(hear)
    loop = uvloop.new_event_loop()
    web.run_app(app, host="127.0.0.1", port=GIVEN.port, access_log=None, print=None, loop=loop)


if __name__ == "__main__":
    main()
