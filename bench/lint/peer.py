"""The peer: json.loads a line and five checks, as anybody would write them in Python.

usage: python3 peer.py QUESTIONS; prints the seconds and what it found.
"""

import json
import resource
import sys
import time


def problems(path):
    """Bad JSON, fields, labels, equal or empty options, repeated ids: how many."""
    ids = set()
    found = 0
    with open(path, "rb") as file:
        for line in file:
            try:
                record = json.loads(line)
                options = record["options"]
                if not isinstance(record["image_path"], str) or len(options) < 2:
                    found += 1
                if sum(option["label"] == 1 for option in options) != 1:
                    found += 1
                texts = [option.get("text") or option.get("ref") for option in options]
            except (ValueError, KeyError, TypeError, AttributeError):
                found += 1
                continue
            if not all(texts) or len(set(texts)) != len(texts):
                found += 1
            if record.get("id") in ids:
                found += 1
            ids.add(record.get("id"))
    return found


start = time.perf_counter()
count = problems(sys.argv[1])
seconds = time.perf_counter() - start
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"seconds": seconds, "peakMb": peak, "errors": count}))
