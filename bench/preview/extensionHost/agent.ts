/** Runs in the extension host in place of tests: carries out what the benchmark asks. */
import { createConnection } from 'node:net';
import { createInterface } from 'node:readline';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import * as vscode from 'vscode';
import { activeExtension } from '../../../test/host/inside/extension';
import {
  socketVariable,
  type CommandName,
  type Commands,
  type Request,
  type Response,
} from '../agentProtocol';
import { fromChild, toWebview } from './transport';
import { workerHeap } from './workerHeap';

type Handlers = {
  readonly [Name in CommandName]: (
    given: Commands[Name]['given'],
  ) => Commands[Name]['result'] | Promise<Commands[Name]['result']>;
};

/** Called by VS Code; ends with the `end` command. */
export function run(): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(process.env[socketVariable] ?? '');
    socket.on('error', reject);
    const handlers: Handlers = {
      open: async ({ path, viewType }) => {
        const requested = Date.now();
        await vscode.commands.executeCommand('vscode.openWith', vscode.Uri.file(path), viewType);
        return requested;
      },
      closeAll: async () => {
        await vscode.commands.executeCommand('workbench.action.closeAllEditors');
        return null;
      },
      processes: async () => ({
        host: process.pid,
        workers: (await activeExtension()).services.workers.pids(),
      }),
      hostHeap: () => {
        collectGarbage();
        const { heapUsed, external } = process.memoryUsage();
        return heapUsed + external;
      },
      workerHeap: async () => {
        const { volumes } = (await activeExtension()).services.workers.pids();
        return volumes === undefined ? 0 : workerHeap(volumes);
      },
      toWebview,
      fromChild,
      end: () => {
        resolve();
        return null;
      },
    };
    createInterface(socket).on('line', (line) => {
      void answer(JSON.parse(line) as Request, handlers).then((response) => {
        socket.write(`${JSON.stringify(response)}\n`);
      });
    });
  });
}

async function answer({ id, name, given }: Request, handlers: Handlers): Promise<Response> {
  const handler = handlers[name] as (given: unknown) => unknown;
  try {
    return { id, result: await handler(given) };
  } catch (error) {
    return { id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

/** Twice, since what the first frees may hold the buffers that the second frees. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  collect();
}
