import { dirname } from 'node:path';
import { buildDataset } from '../../src/core/dataset/build';
import { negativesFrom } from '../../src/core/dataset/buildWords';

/** Builds once and prints how long it took and how much memory the process had at most. */
async function main([reports, out, kind]: string[]): Promise<void> {
  const negatives = negativesFrom(kind);
  const started = performance.now();
  const { questions } = await buildDataset({
    reports,
    out,
    images: `${dirname(reports)}/volumes`,
    ...(negatives && { negatives }),
  });
  const seconds = (performance.now() - started) / 1000;
  const peakMb = process.resourceUsage().maxRSS / 1024;
  console.log(JSON.stringify({ seconds, peakMb, questions }));
}

void main(process.argv.slice(2));
