"""The bot talks: channels, mail, delivery, ticks, console, and the one place that joins them (`bot.app`)."""
