"""Total order by Lamport timestamps and acknowledgements from everyone (Lamport 1978).

mpcomm check --exec "python3 examples/exec/lamport.py"
"""
import json
import sys

for line in sys.stdin:
    event = json.loads(line)
    effects = []

    if event["event"] == "init":
        me, size = event["self"], event["size"]
        clock = 0
        waiting = []  # (timestamp, sender, sequence) of what is not delivered yet
        seen = [0] * size  # the greatest timestamp that each member has sent
        answer = {"guarantees": ["integrity", "validity", "agreement", "fifo", "causal", "total"],
                  "reset": True}

    elif event["event"] == "multicast":
        clock += 1
        waiting.append((clock, me, event["message"]["sequence"]))
        effects.append({"multicast": {"message": {**event["message"], "time": clock}}})

    elif event["event"] == "receive":
        message, sender = event["message"], event["from"]
        seen[sender] = message["time"]
        clock = max(clock, message["time"]) + 1
        if "sequence" in message:  # a multicast, which everybody acknowledges to everybody
            waiting.append((message["time"], sender, message["sequence"]))
            effects.append({"multicast": {"message": {"time": clock}}})

    # The first in line can be delivered once nobody can send anything smaller any more: each
    # member counts upwards, and its messages come in the order in which it sent them.
    while waiting and all(seen[m] >= min(waiting)[0] for m in range(size) if m != me):
        waiting.sort()
        _, sender, sequence = waiting.pop(0)
        effects.append({"deliver": {"sender": sender, "sequence": sequence}})

    if event["event"] != "init":
        answer = {"effects": effects, "held": len(waiting)}
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()
