import { readFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import type * as onnxruntime from 'onnxruntime-node';
import { messageOf, UserError } from '../core/errors';
import type { Provider } from '../core/run';

export type Runtime = typeof onnxruntime;
export type Session = onnxruntime.InferenceSession;
export type Tensor = onnxruntime.Tensor;
export type SessionOptions = onnxruntime.InferenceSession.SessionOptions;

let loaded: Promise<Runtime> | undefined;

/**
 * onnxruntime-node, loaded at the first call: its native library is large, and most requests do
 * without it.
 */
export function loadRuntime(): Promise<Runtime> {
  loaded ??= importRuntime().catch((error: unknown) => {
    loaded = undefined;
    throw new UserError(
      'runtime-missing',
      `onnxruntime cannot be loaded: ${messageOf(error)}.`,
      `Install the build of CT MCQA for ${process.platform}-${process.arch}; on Linux it needs glibc 2.28 or newer.`,
      error,
    );
  });
  return loaded;
}

async function importRuntime(): Promise<Runtime> {
  const runtime = await import('onnxruntime-node');
  // What fails also throws; the library's own log would only repeat it on standard error.
  runtime.env.logLevel = 'fatal';
  return runtime;
}

/** A session for `model` on one provider; what the provider cannot do runs on the processor. */
export async function createSession(
  model: Uint8Array,
  provider: Provider,
  options: SessionOptions = {},
): Promise<Session> {
  const runtime = await loadRuntime();
  return runtime.InferenceSession.create(model, {
    executionProviders: provider === 'cpu' ? ['cpu'] : [provider, 'cpu'],
    intraOpNumThreads: physicalCores(),
    logSeverityLevel: 4,
    // Its plan for reusing memory is a second block beside what the first run took: 300 MB more for
    // a training step of the default networks, and no faster.
    enableMemPattern: false,
    ...options,
  });
}

/** Runs wait for each other: two at once on WebGPU can crash (onnxruntime issue 32561). */
let lastRun: Promise<unknown> = Promise.resolve();

/** Runs a session, one run at a time in this process. */
export function run(
  session: Session,
  feeds: Readonly<Record<string, Tensor>>,
  fetches: Readonly<Record<string, Tensor | null>>,
): Promise<Readonly<Record<string, Tensor>>> {
  const next = lastRun.then(() => session.run(feeds, fetches)) as Promise<Record<string, Tensor>>;
  lastRun = next.catch(() => undefined);
  return next;
}

/**
 * Cores that can work at once: two threads on one core only slow matrix products down. Never more
 * than this process may use (affinity, container limits).
 */
export function physicalCores(): number {
  return Math.max(1, Math.min(availableParallelism(), countPhysicalCores()));
}

function countPhysicalCores(): number {
  const logical = cpus().length;
  if (process.platform === 'linux') {
    return linuxPhysicalCores() ?? logical;
  }
  // Apple's processors and Windows on ARM have one thread a core.
  return process.arch === 'x64' ? Math.ceil(logical / 2) : logical;
}

/** Distinct (socket, core) pairs of /proc/cpuinfo; undefined where it does not list them (ARM). */
function linuxPhysicalCores(): number | undefined {
  let text: string;
  try {
    text = readFileSync('/proc/cpuinfo', 'utf8');
  } catch {
    return undefined;
  }
  const cores = new Set<string>();
  for (const block of text.split('\n\n')) {
    const socket = /^physical id\s*:\s*(\d+)/m.exec(block)?.[1];
    const core = /^core id\s*:\s*(\d+)/m.exec(block)?.[1];
    if (socket !== undefined && core !== undefined) {
      cores.add(`${socket}:${core}`);
    }
  }
  return cores.size === 0 ? undefined : cores.size;
}
