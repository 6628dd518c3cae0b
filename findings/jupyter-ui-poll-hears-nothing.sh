#!/usr/bin/env bash
# jupyter_ui_poll 1.1.0 with ipykernel 7.4.0: messages from the page (a widget's button, a comm) are not heard while a cell polls for them,
# which is all that the package is for; they arrive in the next cell. No error and no warning. With ipykernel 6.31.0 the same cell hears them.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
cat > cell.py <<'PY'
"""A kernel, a comm opened by the front end, and a message to it while a cell polls for six seconds."""
import time
from jupyter_client.manager import KernelManager

manager = KernelManager()
manager.start_kernel()
client = manager.client()
client.start_channels()
client.wait_for_ready(timeout=60)


def run(code, meanwhile=None):
    asked, said = client.execute(code), []
    if meanwhile:
        time.sleep(1.5)
        meanwhile()
    while True:
        message = client.get_iopub_msg(timeout=60)
        if message["msg_type"] == "stream":
            said.append(message["content"]["text"])
        ours = message["parent_header"].get("msg_id") == asked
        if ours and message["content"].get("execution_state") == "idle":
            return "".join(said).strip()


def tell(kind, **content):
    client.shell_channel.send(client.session.msg(kind, {"comm_id": "one", "data": {}, **content}))


run("""
heard = []
def opened(comm, message):
    comm.on_msg(lambda message: heard.append(message['content']['data']))
get_ipython().kernel.comm_manager.register_target('page', opened)
""")
tell("comm_open", target_name="page")
time.sleep(1)
polling = """
import time
from jupyter_ui_poll import ui_events
with ui_events() as poll:
    end = time.time() + 6
    while not heard and time.time() < end:
        poll(10)
        time.sleep(0.1)
print('while the cell polls:', heard)
"""
print(run(polling, lambda: tell("comm_msg", data={"pressed": 1})))
time.sleep(1)
print(run("print('in the next cell:', heard)"))
manager.shutdown_kernel(now=True)
PY
python3 -m venv venv
venv/bin/pip install --quiet jupyter_client==8.10.0 jupyter_ui_poll==1.1.0 ipykernel==7.4.0
echo 'ipykernel 7.4.0' | tee seen
timeout 120 venv/bin/python cell.py 2> /dev/null | tee -a seen
venv/bin/pip install --quiet ipykernel==6.31.0
echo 'ipykernel 6.31.0' | tee -a seen
timeout 120 venv/bin/python cell.py 2> /dev/null | tee -a seen
cat > expected <<'TEXT'
ipykernel 7.4.0
while the cell polls: []
in the next cell: [{'pressed': 1}]
ipykernel 6.31.0
while the cell polls: [{'pressed': 1}]
in the next cell: [{'pressed': 1}]
TEXT
diff expected seen && echo 'as described'
