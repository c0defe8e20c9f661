"""One preprocessing as CT-CLIP's published code does it, with nibabel and PyTorch on 2 threads:
prints its seconds (imports not counted) and the peak memory of its process.

usage: python3 reference.py FILE XY_SPACING Z_SPACING
"""
import json
import sys
import time

import nibabel
import numpy
import torch

torch.set_num_threads(2)
path, xy, z = sys.argv[1], float(sys.argv[2]), float(sys.argv[3])
target_size = (240, 480, 480)

begun = time.perf_counter()
hu = numpy.clip(1.0 * nibabel.load(path).get_fdata() + 0.0, -1000, 1000)
volume = torch.tensor(hu.transpose(2, 0, 1)).unsqueeze(0).unsqueeze(0).float()
size = [int(n * step / goal) for n, step, goal in zip(volume.shape[2:], (z, xy, xy), (1.5, 0.75, 0.75))]
resized = torch.nn.functional.interpolate(volume, size=size, mode="trilinear", align_corners=False)[0, 0]
resized = torch.tensor((resized.numpy() / 1000).astype(numpy.float32))
tensor = torch.full(target_size, -1.0)
source, goal = [], []
for have, want in zip(resized.shape, target_size):
    kept = min(have, want)
    source.append(slice((have - kept) // 2, (have - kept) // 2 + kept))
    goal.append(slice((want - kept) // 2, (want - kept) // 2 + kept))
tensor[tuple(goal)] = resized[tuple(source)]
seconds = time.perf_counter() - begun

with open("/proc/self/status") as status:
    peak = next(int(line.split()[1]) * 1024 / 1e6 for line in status if line.startswith("VmHWM"))
print(json.dumps({"seconds": seconds, "peakMb": peak, "mean": tensor.double().mean().item()}))
