"""Understanding and writing mail: bytes come in, frozen values go out. No network, no clock, no database here.

`parse.read` turns raw bytes into an `Incoming` (or `Unreadable`), `pool.Reader` does so in a process that can be
killed, `compose.compose` turns an `Outgoing` into bytes, `explain.explain` shows rule by rule what was understood.
"""
