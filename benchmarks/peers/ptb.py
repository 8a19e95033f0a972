"""python-telegram-bot as its manual has it: sequential, its own webhook server, two calls a tap."""

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.constants import ParseMode
from telegram.ext import Application, CallbackQueryHandler, CommandHandler, ContextTypes

from paper import Given, place_in, read_given

GIVEN: Given = read_given()


def keyboard(place: int) -> InlineKeyboardMarkup | None:
    rows = GIVEN.rows(place)
    if not rows:
        return None
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(label, callback_data=data) for label, data in row] for row in rows]
    )


async def start(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    if update.message is not None:
        await update.message.reply_text(
            GIVEN.text(0), reply_markup=keyboard(0), parse_mode=ParseMode.HTML
        )


async def tapped(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    query = update.callback_query
    if query is None:
        return
    await query.answer()
    place = place_in(query.data or "") + 1
    await query.edit_message_text(
        GIVEN.text(place), reply_markup=keyboard(place), parse_mode=ParseMode.HTML
    )


def main() -> None:
    application = Application.builder().token(GIVEN.token).base_url(f"{GIVEN.api_url}/bot").build()
    application.add_handler(CommandHandler("start", start))
    application.add_handler(CallbackQueryHandler(tapped))
    application.run_webhook(
        listen="127.0.0.1",
        port=GIVEN.port,
        url_path="hook",
        webhook_url=GIVEN.webhook_url,
        secret_token=GIVEN.secret,
    )


if __name__ == "__main__":
    main()
