"""The `rrm` command. What people read when something is wrong is one line that says what to do; --debug shows the rest."""

from __future__ import annotations

import os
import sys

# onnxruntime writes a device id into the user's cache folder as soon as it is imported (microsoft/onnxruntime#27379)
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")


def main() -> None:
    from bot.cli import app
    from bot.cli.trouble import explain

    os.umask(0o077)  # database, index and logs hold what people wrote
    try:
        app(prog_name="rrm")
    except Exception as trouble:
        if "--debug" in sys.argv or os.environ.get("RRM_DEBUG"):
            raise
        sentence, status = explain(trouble)
        print(f"rrm: {sentence}", file=sys.stderr)
        sys.exit(status)


if __name__ == "__main__":
    main()
