# Agent Studio, start function: remembers which call this is, and the words to begin with, if there are any. Copy it as it is, below the
# import line that Agent Studio generates.
#
# The proxy sends its own id of the call in the call's metadata, which the agent reads as a SIP header. The header's exact name depends
# on the telephony in between (`callback_call_id`, `X-Callback-Call-Id` …), so names are compared without prefix, case and hyphens.

NAMES = ("callback_call_id", "verification_phrase")


def start_function(conv: "Conversation"):
    for source in ("integration_attributes", "sip_headers"):
        values = getattr(conv, source, None) or {}
        for name, value in values.items():
            plain = str(name).lower().replace("-", "_").removeprefix("x_")
            if plain in NAMES and isinstance(value, str):
                conv.state[plain] = value
