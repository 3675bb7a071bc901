"""Does Telegram know our bot, and do its updates reach us?"""

from __future__ import annotations

from bot import wiring
from bot.channels.telegram import TelegramChannel
from bot.checks.finding import Finding, fail, ok
from bot.settings import Settings
from bot.sources import SettingsError

NAME = "Telegram"


async def check_telegram(settings: Settings) -> list[Finding]:
    """Asks the Bot API who we are and where updates go; takes no update."""
    if not settings.telegram.enabled:
        return [ok(NAME, "is off")]
    if not settings.telegram.token:
        return [
            fail(NAME, "there is no token", "Set RRM_TELEGRAM__TOKEN or RRM_TELEGRAM__TOKEN_FILE; BotFather gives the token.")
        ]
    try:
        channel = TelegramChannel(wiring.telegram_settings(settings))
    except SettingsError as problem:
        return [fail(NAME, str(problem), "Set the secrets telegram.token and telegram.webhook_secret.")]
    try:
        seen = await channel.check()
    finally:
        await channel.close()
    if seen["problems"]:
        mend = "Check the token, network.base_url and the way from Telegram to it; no other program may use the same bot."
        return [fail(NAME, "; ".join(seen["problems"]), mend)]
    waiting = seen["webhook"]["pending_update_count"] or 0
    return [ok(NAME, f"knows us as @{seen['username']}, by {seen['mode']}; {waiting} updates are waiting")]
