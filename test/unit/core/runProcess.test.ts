import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { hostname, uptime } from 'node:os';
import type { Readable } from 'node:stream';
import { hasEnded, isTrainedElsewhere, thisProcess } from '../../../src/core/runs/runProcess';

const host = hostname();

async function nextText(stream: Readable): Promise<string> {
  const [data] = (await once(stream, 'data')) as [Buffer];
  return data.toString();
}

describe('the process that trains a run', () => {
  it('has ended once nobody has its number', async () => {
    const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
    const { pid = 0 } = child;
    await once(child, 'exit');
    assert.ok(hasEnded({ pid, host }));
    assert.ok(!hasEnded({ pid: process.pid, host }));
    assert.ok(!hasEnded({ pid, host: 'another' }), 'nothing is known of other machines');
    assert.ok(isTrainedElsewhere({ pid: process.ppid, host }));
  });

  it('has ended when the machine was started since, whoever has its number now', () => {
    const pid = process.ppid;
    const booted = Date.now() - 1000 * uptime();
    const before = new Date(booted - 3600_000).toISOString();
    assert.ok(hasEnded({ pid, host, started: before }));
    assert.ok(!isTrainedElsewhere({ pid, host, started: before }));
    assert.ok(!hasEnded({ pid, host, started: new Date(booted).toISOString() }));
    assert.ok(!hasEnded({ pid, host: 'another', started: before }));
    assert.ok(!hasEnded(thisProcess()));
  });

  it('has ended when it was killed and its parent never asked', async function () {
    if (process.platform !== 'linux') {
      this.skip();
    }
    // The shell becomes cat, which knows nothing of the shell's child. The child waits for a line on
    // a channel of its own: the shell gives no input to what it runs in the background.
    const parent = spawn('sh', ['-c', 'sh -c "read line <&3" & echo $!; exec cat'], {
      stdio: ['pipe', 'pipe', 'ignore', 'pipe'],
    });
    try {
      assert.ok(parent.stdin && parent.stdout);
      const pid = Number(await nextText(parent.stdout));
      // A shell would ask after its child: what comes back says that cat has taken its place.
      parent.stdin.write('cat');
      assert.equal(await nextText(parent.stdout), 'cat');
      assert.ok(!hasEnded({ pid, host }));
      process.kill(pid, 'SIGKILL');
      // Nothing else than its state tells that a defunct process is one.
      while (!hasEnded({ pid, host })) {
        await new Promise((resolve) => setImmediate(resolve));
      }
      assert.doesNotThrow(() => process.kill(pid, 0), 'its number is still taken');
    } finally {
      parent.kill();
      await once(parent, 'exit');
    }
  });
});
