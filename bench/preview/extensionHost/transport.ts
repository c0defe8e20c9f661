/** How fast bytes pass the two borders between a worker and a page, with nothing else to do. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { Transfer } from '../agentProtocol';

/** Messages under way at most: enough to keep both ends busy, few enough to bound memory. */
const window = 4;

/** Array buffers posted to a webview of its own; ms from the first to the last acknowledgement. */
export async function toWebview({ bytes, count }: Transfer): Promise<number> {
  const panel = vscode.window.createWebviewPanel(
    'ctMcqaBench',
    'Transport',
    vscode.ViewColumn.One,
    {
      enableScripts: true,
    },
  );
  try {
    const answers = new Answers(panel.webview);
    panel.webview.html = `<script>
      const vscode = acquireVsCodeApi();
      addEventListener('message', ({ data }) => vscode.postMessage(data.byteLength));
      vscode.postMessage('ready');
    </script>`;
    await answers.next();
    const post = async (): Promise<void> => {
      await panel.webview.postMessage(new Uint8Array(filled(bytes)).buffer);
    };
    await post();
    await answers.next();
    const begun = performance.now();
    for (let sent = 0, answered = 0; answered < count;) {
      while (sent < count && sent - answered < window) {
        void post();
        sent++;
      }
      const length = await answers.next();
      if (length !== bytes) {
        throw new Error(`${String(length)} bytes came in place of ${bytes}.`);
      }
      answered++;
    }
    return performance.now() - begun;
  } finally {
    panel.dispose();
  }
}

/** Messages of a webview, one after another. */
class Answers {
  private readonly arrived: unknown[] = [];
  private waiting: (() => void) | undefined;

  constructor(webview: vscode.Webview) {
    webview.onDidReceiveMessage((message: unknown) => {
      this.arrived.push(message);
      this.waiting?.();
    });
  }

  async next(): Promise<unknown> {
    while (this.arrived.length === 0) {
      await new Promise<void>((resolve) => (this.waiting = resolve));
    }
    return this.arrived.shift();
  }
}

/** Buffers from a process forked as the workers are; ms from asking to the last. */
export async function fromChild({ bytes, count }: Transfer): Promise<number> {
  const child = fork(join(__dirname, 'transportChild.js'), [], {
    serialization: 'advanced',
    execArgv: [],
  });
  try {
    await once(child, 'message');
    const begun = performance.now();
    child.send({ bytes, count });
    for (let received = 0; received < count; received++) {
      const [piece] = (await once(child, 'message')) as [Uint8Array];
      if (piece.byteLength !== bytes) {
        throw new Error(`${piece.byteLength} bytes came in place of ${bytes}.`);
      }
    }
    return performance.now() - begun;
  } finally {
    child.kill();
  }
}

/** Bytes that compress about as far as a noisy CT: the low ones vary, the high ones hardly. */
function filled(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let at = 0, state = 1; at < length; at += 2) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    bytes[at] = state >>> 26;
    bytes[at + 1] = 252;
  }
  return bytes;
}
