"""aiogram with RedisStorage, as its manual has it: two calls a tap, the session in Redis."""

from aiogram import Bot, Dispatcher
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.enums import ParseMode
from aiogram.filters import CommandStart
from aiogram.fsm.context import FSMContext
from aiogram.fsm.storage.redis import RedisStorage
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message
from aiogram.webhook.aiohttp_server import SimpleRequestHandler, setup_application
from aiohttp import web

from paper import Given, place_in, read_given

GIVEN: Given = read_given()
dispatcher = Dispatcher(storage=RedisStorage.from_url(GIVEN.redis_url))


def keyboard(place: int) -> InlineKeyboardMarkup | None:
    rows = GIVEN.rows(place)
    if not rows:
        return None
    return InlineKeyboardMarkup(
        inline_keyboard=[
            [InlineKeyboardButton(text=label, callback_data=data) for label, data in row]
            for row in rows
        ]
    )


@dispatcher.message(CommandStart())
async def start(message: Message, state: FSMContext) -> None:
    await state.set_data({"answers": {}})
    await message.answer(GIVEN.text(0), reply_markup=keyboard(0))


@dispatcher.callback_query()
async def tapped(query: CallbackQuery, state: FSMContext) -> None:
    session = await state.get_data()
    place = place_in(query.data or "")
    answers = session.get("answers", {}) | {str(place): query.data}
    await state.set_data({"answers": answers})
    await query.answer()
    if isinstance(query.message, Message):
        await query.message.edit_text(GIVEN.text(place + 1), reply_markup=keyboard(place + 1))


@dispatcher.startup()
async def hear(bot: Bot) -> None:
    await bot.set_webhook(GIVEN.webhook_url, secret_token=GIVEN.secret, max_connections=100)


def main() -> None:
    session = AiohttpSession(api=TelegramAPIServer.from_base(GIVEN.api_url))
    bot = Bot(GIVEN.token, session=session, default=DefaultBotProperties(parse_mode=ParseMode.HTML))
    app = web.Application()
    SimpleRequestHandler(dispatcher, bot, secret_token=GIVEN.secret).register(app, path="/hook")
    setup_application(app, dispatcher, bot=bot)
    web.run_app(app, host="127.0.0.1", port=GIVEN.port, access_log=None, print=None)


if __name__ == "__main__":
    main()
