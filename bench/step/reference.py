"""Runs PyTorch's twin of a training step and adds a line with the peak memory of the process.

usage: python3 reference.py PATH/bench_step.py [its options]
"""
import json
import os
import resource
import runpy
import sys

script = sys.argv[1]
sys.argv = sys.argv[1:]
sys.path.insert(0, os.path.dirname(script))
runpy.run_path(script, run_name="__main__")
print(json.dumps({"peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
