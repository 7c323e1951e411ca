# Runs the functions of docs/agent-functions as Agent Studio does: `conv` with its state, SIP headers, secrets and log. Reads what to do from
# the first argument (JSON) and prints the log's lines.

import json
import pathlib
import sys
import types

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
