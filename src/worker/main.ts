import {
  createMessageConnection,
  IPCMessageReader,
  IPCMessageWriter,
  NullLogger,
} from 'vscode-jsonrpc/node';
import { handlers } from './handlers';
import { serve } from './serve';

/*
 * The child process of the extension host: the engine behind the protocol. It lives as long as its
 * parent's channel and writes nothing to standard output.
 */

if (process.send === undefined) {
  process.stderr.write('This is the worker of CT MCQA; the extension starts it.\n');
  process.exit(2);
}
process.once('disconnect', () => {
  // A run of onnxruntime cannot be interrupted, and nobody is left to hear of it.
  process.exit(0);
});
// A rejected promise that no request waits for must not end the requests that are under way.
process.on('unhandledRejection', (reason) => {
  process.stderr.write(`${reason instanceof Error ? (reason.stack ?? '') : String(reason)}\n`);
});
serve(
  createMessageConnection(new IPCMessageReader(process), new IPCMessageWriter(process), NullLogger),
  handlers,
);
