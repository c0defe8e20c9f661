/** Memory of processes, as Linux counts it. */
import { readFileSync, writeFileSync } from 'node:fs';
import type { BenchWindow } from './window';

/** Resident bytes by what holds them. */
export interface Memory {
  /** The process that reads volumes; 0 while there is none. */
  readonly worker: number;
  readonly host: number;
  /** All renderers of the browser: the workbench and the webviews in it share one. */
  readonly renderers: number;
  /** The browser's other processes: browser, GPU, network. */
  readonly browser: number;
}

export type MemoryPart = keyof Memory;

interface Processes {
  readonly pids: Readonly<Record<MemoryPart, readonly number[]>>;
}

const sampleMs = 20;

/** Which processes there are now. */
async function findProcesses({ browser, ask }: BenchWindow): Promise<Processes> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const { host, workers } = await ask('processes', null);
  const ofType = (isRenderer: boolean): number[] =>
    processInfo.filter(({ type }) => (type === 'renderer') === isRenderer).map(({ id }) => id);
  return {
    pids: {
      worker: workers.volumes === undefined ? [] : [workers.volumes],
      host: [host],
      renderers: ofType(true),
      browser: ofType(false),
    },
  };
}

/** Resident memory now. */
export async function memoryNow(window: BenchWindow): Promise<Memory> {
  return memoryOf(await findProcesses(window));
}

function memoryOf({ pids }: Processes): Memory {
  const sum = (part: MemoryPart): number =>
    pids[part].reduce((bytes, pid) => bytes + statusBytes(pid, 'VmRSS'), 0);
  return {
    worker: sum('worker'),
    host: sum('host'),
    renderers: sum('renderers'),
    browser: sum('browser'),
  };
}

/** A line of /proc/PID/status in bytes; 0 for a process that is gone. */
function statusBytes(pid: number, name: 'VmRSS' | 'VmHWM'): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return 1024 * Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0);
  } catch {
    return 0;
  }
}

export interface Peaks {
  /** The most that each part held at a time. */
  readonly parts: Memory;
  /** The most that worker and renderers held together. */
  readonly workerAndRenderers: number;
}

/** Samples the memory every 20 ms until it is stopped. */
export class MemoryWatch {
  private parts: Memory = { worker: 0, host: 0, renderers: 0, browser: 0 };
  private workerAndRenderers = 0;
  private readonly timer: NodeJS.Timeout;

  private constructor(private readonly processes: Processes) {
    this.timer = setInterval(() => {
      this.sample();
    }, sampleMs);
  }

  /** Of the processes that run now: the worker must have been started. */
  static async start(window: BenchWindow): Promise<MemoryWatch> {
    const processes = await findProcesses(window);
    Object.values(processes.pids).flat().forEach(resetPeak);
    return new MemoryWatch(processes);
  }

  stop(): Peaks {
    clearInterval(this.timer);
    this.sample();
    const { pids } = this.processes;
    const exact = (part: MemoryPart): number =>
      // Of one process Linux knows the peak itself.
      pids[part].length === 1 ? statusBytes(pids[part][0], 'VmHWM') : this.parts[part];
    return {
      parts: {
        worker: exact('worker'),
        host: exact('host'),
        renderers: exact('renderers'),
        browser: exact('browser'),
      },
      workerAndRenderers: this.workerAndRenderers,
    };
  }

  private sample(): void {
    const now = memoryOf(this.processes);
    this.parts = {
      worker: Math.max(this.parts.worker, now.worker),
      host: Math.max(this.parts.host, now.host),
      renderers: Math.max(this.parts.renderers, now.renderers),
      browser: Math.max(this.parts.browser, now.browser),
    };
    this.workerAndRenderers = Math.max(this.workerAndRenderers, now.worker + now.renderers);
  }
}

/** Has Linux forget the highest VmRSS of a process so far (proc(5), clear_refs). */
function resetPeak(pid: number): void {
  try {
    writeFileSync(`/proc/${pid}/clear_refs`, '5');
  } catch {
    // Gone meanwhile.
  }
}
