/** One preprocessing by this project: prints its seconds and the peak memory of its process. */
import { readFileSync } from 'node:fs';
import { preprocessFile } from '../../src/core/volume/preprocess';
import type { PreprocessingProfile } from '../../src/core/volume/profile';

const profiles: Readonly<Record<string, PreprocessingProfile>> = {
  ctclip: { kind: 'ctclip', name: 'ctclip', clip: 'before_resampling' },
  fit: {
    kind: 'fit',
    name: 'fit',
    orientation: 'LPS',
    size: [32, 128, 128],
    clipHu: [-1000, 1000],
  },
};

const [path, profile, type] = process.argv.slice(2);

/** Of this process alone: what getrusage tells begins with the memory of the parent it was forked from. */
function peakMegabytes(): number {
  const [, kilobytes] = /VmHWM:\s*(\d+)/.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  return (Number(kilobytes) * 1024) / 1e6;
}

async function main(): Promise<void> {
  const begun = performance.now();
  const { data } = await (type === 'int16'
    ? preprocessFile(path, profiles[profile], Int16Array)
    : preprocessFile(path, profiles[profile], Float32Array));
  const seconds = (performance.now() - begun) / 1000;
  const peakMb = peakMegabytes();
  const sum = (data as Float32Array).reduce((total, value) => total + value, 0);
  process.stdout.write(JSON.stringify({ seconds, peakMb, mean: sum / data.length }));
}

void main();
