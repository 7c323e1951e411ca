# Agent Studio, end function: reports the outcome of the call to the proxy, which shows it on the visitor's page. Copy it as it is, below
# the import line that Agent Studio generates, and change PROXY_URL. It uses the standard library alone.
#
# Store OUTCOMES_SECRET of the proxy (`whsec_…`) as a secret in Agent Studio under the name below, and give the agent access to it. A secret
# that does not begin with `whsec_` is sent as a bearer token: that is OUTCOMES_TOKEN.

import base64
import hashlib
import hmac
import json
import time
import urllib.error
import urllib.request
import uuid

PROXY_URL = "https://calls.example.com"
SECRET_NAME = "callback_outcomes"

CALL_ID = "callback_call_id"
TRIES = 3
TIMEOUT_SECONDS = 5
MOST_POINTS = 3
LONGEST_POINT = 200


def end_function(conv: "Conversation"):
    ids = ids_of(conv)
    if not ids:
        return  # Not a call of the proxy.
    essentials = {
        **ids,
        "answered_by": state(conv, "answered_by") or "unknown",
        "disposition": state(conv, "disposition") or "other",
        "do_not_call": state(conv, "do_not_call") is True,
    }
    details = {name: state(conv, name) for name in ("appointment", "links")}
    details["agreed"] = [str(point)[:LONGEST_POINT] for point in state(conv, "agreed") or []][:MOST_POINTS]
    status = send(conv, {**essentials, **{name: value for name, value in details.items() if value}})
    if status == 400:
        # Something in the details is not acceptable: what matters most must not be lost with it.
        status = send(conv, {**ids, "answered_by": "unknown", "disposition": "other", "do_not_call": essentials["do_not_call"]})
    conv.log.info(f"Outcome reported to the callback proxy: HTTP {status}")


def ids_of(conv):
    ids = {}
    if state(conv, CALL_ID):
        ids["call_id"] = state(conv, CALL_ID)
    for candidate in (state(conv, "call_sid"), getattr(conv, "id", None)):
        if isinstance(candidate, str) and candidate.startswith("OUT-"):
            ids.setdefault("polyai_call_id", candidate)
    return ids


def state(conv, name):
    try:
        return conv.state[name]
    except (AttributeError, KeyError, TypeError):
        return None


def send(conv, data):
    """Sends one message, several times if need be, and returns the last HTTP status (0: no response)."""
    body = json.dumps({"type": "call.outcome", "timestamp": now(), "data": data}).encode()
    message_id = f"msg_{uuid.uuid4().hex}"
    secret = conv.utils.get_secret(SECRET_NAME)
    status = 0
    for attempt in range(TRIES):
        if attempt > 0:
            time.sleep(2**attempt)
        headers = {"Content-Type": "application/json", **authentication(secret, message_id, body)}
        request = urllib.request.Request(f"{PROXY_URL}/v1/webhooks/outcomes", data=body, headers=headers, method="POST")
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as response:
                return response.status
        except urllib.error.HTTPError as error:
            status = error.code
        except OSError:
            status = 0
        # 404: the proxy may not have recorded the call yet.
        if 400 <= status < 500 and status not in (404, 408, 429):
            break
    return status


def authentication(secret, message_id, body):
    """The headers of Standard Webhooks, or a bearer token."""
    if not secret.startswith("whsec_"):
        return {"Authorization": f"Bearer {secret}", "webhook-id": message_id}
    timestamp = str(int(time.time()))
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signature = hmac.new(key, f"{message_id}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    return {
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": f"v1,{base64.b64encode(signature).decode()}",
    }


def now():
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
