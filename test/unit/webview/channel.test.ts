import assert from 'node:assert/strict';
import { CancelledError, UserError } from '../../../src/core/errors';
import {
  Channel,
  ViewClosedError,
  type Call,
  type Notice,
  type WireMessage,
} from '../../../src/protocol/webview';

interface Host {
  readonly calls:
    Call<'double', number, number> | Call<'fail', 'user' | 'bug', null> | Call<'never', null, null>;
  readonly notices: never;
}

interface Page {
  readonly calls: never;
  readonly notices: Notice<'news', string>;
}

/** Two ends that reach each other as a webview and its host do: later, and as copies. */
function connected(onNews: (text: string) => void = () => undefined) {
  const signals: AbortSignal[] = [];
  const sent: WireMessage[] = [];
  const deliver =
    (receive: (message: unknown) => void) =>
    (message: WireMessage): Promise<boolean> => {
      sent.push(message);
      const copy: unknown = structuredClone(message);
      return Promise.resolve().then(() => {
        receive(copy);
        return true;
      });
    };
  const host: Channel<Host, Page> = new Channel<Host, Page>(
    deliver((message) => {
      page.receive(message);
    }),
    {
      calls: {
        double: (value) => value * 2,
        fail: (how) => {
          throw how === 'user'
            ? new UserError('x-y', 'It broke.', 'Mend it.')
            : new TypeError('bug');
        },
        never: (_, signal) => {
          signals.push(signal);
          return new Promise(() => undefined);
        },
      },
      notices: {},
    },
  );
  const page: Channel<Page, Host> = new Channel<Page, Host>(
    deliver((message) => {
      host.receive(message);
    }),
    { calls: {}, notices: { news: onNews } },
  );
  return { host, page, signals, sent };
}

describe('The channel between host and webview', () => {
  it('answers calls, each with its own result', async () => {
    const { page } = connected();
    const answers = await Promise.all([page.call('double', 4), page.call('double', -1.5)]);
    assert.deepEqual(answers, [8, -3]);
  });

  it('delivers notices', async () => {
    const heard: string[] = [];
    const { host } = connected((text) => heard.push(text));
    host.notify('news', 'first');
    host.notify('news', 'second');
    await Promise.resolve();
    await Promise.resolve();
    assert.deepEqual(heard, ['first', 'second']);
  });

  it('rejects a call whose handler throws, with message and remedy of a UserError', async () => {
    const { page } = connected();
    await assert.rejects(page.call('fail', 'user'), (error) => {
      assert.ok(error instanceof UserError);
      assert.deepEqual([error.code, error.message, error.remedy], ['x-y', 'It broke.', 'Mend it.']);
      return true;
    });
    await assert.rejects(page.call('fail', 'bug'), /bug/);
  });

  it('rejects a call that nobody answers', async () => {
    const { page } = connected();
    const unknown = page as unknown as { call(method: string, params: null): Promise<unknown> };
    await assert.rejects(unknown.call('no such method', null), /Nobody answers "no such method"/);
    // Names that every object has are no methods either.
    await assert.rejects(unknown.call('toString', null), /Nobody answers/);
  });

  it('rejects pending and later calls when its own end closes', async () => {
    const { page } = connected();
    const pending = page.call('never', null);
    page.close();
    await assert.rejects(pending, ViewClosedError);
    await assert.rejects(page.call('double', 1), ViewClosedError);
  });

  it('aborts handlers at work when the view closes, and sends nothing after', async () => {
    const { host, page, signals, sent } = connected();
    const pending = page.call('never', null);
    await Promise.resolve();
    host.close();
    assert.equal(signals[0].aborted, true);
    const before = sent.length;
    host.notify('news', 'too late');
    host.receive({ kind: 'call', id: '1', method: 'double', params: 1 });
    await Promise.resolve();
    assert.equal(sent.length, before);
    page.close();
    await assert.rejects(pending, ViewClosedError);
  });

  it('rejects a call that was not delivered', async () => {
    for (const post of [
      () => false,
      () => Promise.resolve(false),
      () => Promise.reject(new Error()),
    ]) {
      const page = new Channel<Page, Host>(post, {
        calls: {},
        notices: { news: () => undefined },
      });
      await assert.rejects(page.call('double', 1), ViewClosedError);
    }
  });

  it('cancels: the call is rejected and the handler hears of it', async () => {
    const { page, signals } = connected();
    const controller = new AbortController();
    const pending = page.call('never', null, controller.signal);
    await Promise.resolve();
    controller.abort();
    await assert.rejects(pending, CancelledError);
    assert.equal(signals[0].aborted, true);
  });

  it('drops a late answer to a page that was reloaded', async () => {
    const old = connected();
    const answer = { kind: 'result', id: '', result: 99 };
    void old.page.call('never', null).catch(() => undefined);
    answer.id = (old.sent[0] as { id: string }).id;
    const fresh = connected();
    const pending = fresh.page.call('double', 2);
    fresh.page.receive(answer);
    assert.equal(await pending, 4);
    old.page.close();
  });

  it('ignores what is no message of ours', () => {
    const { page } = connected();
    for (const strange of [null, 3, 'text', {}, { kind: 'other' }, { kind: 'result', id: 'x' }]) {
      page.receive(strange);
    }
  });
});
