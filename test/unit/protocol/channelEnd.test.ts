import assert from 'node:assert/strict';
import {
  Channel,
  ViewClosedError,
  type Call,
  type WireMessage,
} from '../../../src/protocol/webview';

interface Host {
  readonly calls: Call<'read', null, string> | Call<'double', number, number>;
  readonly notices: never;
}

interface Page {
  readonly calls: never;
  readonly notices: never;
}

/** A host whose work has no end, and pages that are connected to it one after the other. */
function hostWithPages() {
  const signals: AbortSignal[] = [];
  const answers: WireMessage[] = [];
  const host = new Channel<Host, Page>(
    (message) => {
      answers.push(message);
      return true;
    },
    {
      calls: {
        read: (_, signal) => {
          signals.push(signal);
          return new Promise((_, reject) => {
            signal.addEventListener('abort', () => {
              reject(new Error('aborted'));
            });
          });
        },
        double: (value) => value * 2,
      },
      notices: {},
    },
  );
  const page = (): Channel<Page, Host> =>
    new Channel<Page, Host>(
      (message) => {
        host.receive(structuredClone(message));
        return true;
      },
      { calls: {}, notices: {} },
    );
  return { host, page, signals, answers };
}

const rejected = (call: Promise<unknown>): Promise<void> => assert.rejects(call, ViewClosedError);

describe('A page that goes away', () => {
  it('ends the work it asked for when it is closed', async () => {
    const { page, signals } = hostWithPages();
    const own = page();
    const call = rejected(own.call('read', null));
    assert.equal(signals[0].aborted, false);
    own.close();
    await call;
    assert.equal(signals[0].aborted, true);
  });

  it('ends the work of the page that stood there before, with its first call', async () => {
    const { page, signals, answers } = hostWithPages();
    const [old, fresh] = [page(), page()];
    const lost = rejected(old.call('read', null));
    void fresh.call('double', 2).catch(() => undefined);
    assert.equal(signals[0].aborted, true);
    await Promise.resolve();
    await Promise.resolve();
    // No answer to a call that nobody remembers.
    assert.deepEqual(
      answers.map(({ kind }) => kind),
      ['result'],
    );
    old.close();
    fresh.close();
    await lost;
  });

  it('leaves the other calls of the same page at work', async () => {
    const { page, signals } = hostWithPages();
    const own = page();
    const call = rejected(own.call('read', null));
    void own.call('double', 2).catch(() => undefined);
    assert.equal(signals[0].aborted, false);
    own.close();
    await call;
  });

  it('is given up by a host that knows, which then answers the next one', async () => {
    const { host, page, signals, answers } = hostWithPages();
    const old = page();
    const lost = rejected(old.call('read', null));
    host.abandon();
    assert.equal(signals[0].aborted, true);
    void page()
      .call('double', 3)
      .catch(() => undefined);
    await Promise.resolve();
    await Promise.resolve();
    assert.deepEqual(
      answers.map((answer) => answer.kind === 'result' && answer.result),
      [6],
    );
    old.close();
    await lost;
  });
});
