# Runs the functions of docs/agent-functions as Agent Studio does: `conv` with its state, SIP headers, secrets and log. Reads what to do from
# the first argument (JSON) and prints the log's lines. Its clock is shifted with that of the tests (scripts/clock/shift.js).

import json
import os
import pathlib
import sys
import time
import types

system_time = time.time
clock_shift = int(os.environ.get("TEST_CLOCK_SHIFT_MS", "0")) / 1000
system_gmtime = time.gmtime
time.time = lambda: system_time() + clock_shift
time.gmtime = lambda seconds=None: system_gmtime(time.time() if seconds is None else seconds)

task = json.loads(sys.argv[1])
folder = pathlib.Path(__file__).parent / "../../../docs/agent-functions"
lines = []


class Utils:
    def get_secret(self, name):
        return task["secrets"][name]


class Log:
    def info(self, line):
        lines.append(line)


conv = types.SimpleNamespace(
    id=task.get("id", "conv_1"), state={}, sip_headers=task.get("sipHeaders", {}), utils=Utils(), log=Log()
)


def load(name):
    space = {"__name__": name}
    source = (folder / f"{name}.py").read_text(encoding="utf-8")
    source = source.replace("https://calls.example.com", task["proxyUrl"]).replace("time.sleep(", "(lambda _: None)(")
    exec(compile(source, f"{name}.py", "exec"), space)
    return space[name]


load("start_function")(conv)
if "outcome" in task:
    load("note_outcome")(conv, **task["outcome"])
conv.state.update(task.get("state", {}))
load("end_function")(conv)
print("\n".join(lines))
