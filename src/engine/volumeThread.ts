import { parentPort } from 'node:worker_threads';
import { sentError, volumeJobs } from './volumeJobs';
import type { FromThread, ToThread, VolumeJobKind } from './volumeJobs';

/*
 * A thread that prepares and loads volumes (see volumeThreads.ts), its own bundle: it never loads
 * onnxruntime.
 */

const port = parentPort;
if (port === null) {
  throw new Error('volumeThread runs as a thread only');
}
const underWay = new Map<number, AbortController>();

port.on('message', (message: ToThread) => {
  if (message.kind === 'cancel') {
    underWay.get(message.id)?.abort();
  } else {
    void perform(message.id, message.kind, message.request);
  }
});

async function perform(id: number, kind: VolumeJobKind, request: unknown): Promise<void> {
  const cancellation = new AbortController();
  underWay.set(id, cancellation);
  const job = volumeJobs[kind] as (request: unknown, signal: AbortSignal) => Promise<unknown>;
  const reply: FromThread = await job(request, cancellation.signal).then(
    (answer) => ({ id, answer }),
    (error: unknown) => ({ id, error: sentError(error) }),
  );
  underWay.delete(id);
  port?.postMessage(reply);
}
