/** The floor: a file inflated by zlib, in a process of its own, to nowhere. */
import { spawnSync } from 'node:child_process';

const program = `
  const { createReadStream } = require('node:fs');
  const { createGunzip } = require('node:zlib');
  const begun = performance.now();
  createReadStream(process.argv[1], { highWaterMark: 1 << 20 })
    .pipe(createGunzip({ chunkSize: 1 << 20 }))
    .on('data', () => undefined)
    .on('end', () => console.log(performance.now() - begun));
`;

/** ms that the Node at `node` takes; the file is in the page cache after the first time. */
export function gunzipMs(node: string, path: string): number {
  const { stdout, stderr, status } = spawnSync(node, ['-e', program, path], { encoding: 'utf8' });
  if (status !== 0) {
    throw new Error(stderr);
  }
  return Number(stdout);
}
