/** What a worker still holds after a collection: asked through Node's inspector, which SIGUSR1 opens. */
import { setTimeout as pause } from 'node:timers/promises';

const inspector = 'http://127.0.0.1:9229/json';
const openDeadlineMs = 10_000;

interface Target {
  readonly webSocketDebuggerUrl: string;
}

interface Answer {
  readonly id?: number;
  readonly result?: { readonly usedSize?: number; readonly result?: { readonly value?: unknown } };
}

/** Bytes of the worker's heap after a collection. The extension host's Node has a WebSocket. */
export async function workerHeap(pid: number): Promise<number> {
  process.kill(pid, 'SIGUSR1');
  const socket = new WebSocket(await inspectorAddress());
  try {
    await new Promise((resolve, reject) => {
      socket.addEventListener('open', resolve, { once: true });
      socket.addEventListener('error', reject, { once: true });
    });
    let count = 0;
    const send = async (method: string, params: object = {}): Promise<Answer['result']> => {
      const id = ++count;
      const answer = new Promise<Answer['result']>((resolve) => {
        socket.addEventListener('message', ({ data }) => {
          const { id: answered, result } = JSON.parse(String(data)) as Answer;
          if (answered === id) {
            resolve(result);
          }
        });
      });
      socket.send(JSON.stringify({ id, method, params }));
      return answer;
    };
    const there = await send('Runtime.evaluate', { expression: 'process.pid' });
    if (there?.result?.value !== pid) {
      throw new Error('Another process has the inspector on port 9229.');
    }
    await send('HeapProfiler.collectGarbage');
    return (await send('Runtime.getHeapUsage'))?.usedSize ?? NaN;
  } finally {
    socket.close();
  }
}

/** Once the worker listens. */
async function inspectorAddress(): Promise<string> {
  const deadline = performance.now() + openDeadlineMs;
  for (;;) {
    try {
      const targets = (await (await fetch(inspector)).json()) as readonly Target[];
      return targets[0].webSocketDebuggerUrl;
    } catch (error) {
      if (performance.now() > deadline) {
        throw error;
      }
      await pause(50);
    }
  }
}
