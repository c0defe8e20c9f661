import assert from 'node:assert/strict';
import type { HeaderDescription } from '../../../src/core/volume/headerDescription';
import { niftiFile } from '../volume/niftiFile';
import { temporaryFolder } from '../volume/temporaryFolder';
import { runCommand, type CommandResult } from './commandLine';

describe('ct-mcqa info --header', () => {
  const folder = temporaryFolder();

  function run(...argv: string[]): Promise<CommandResult> {
    return runCommand('info', ...argv, '--header');
  }

  it('prints what is wrong, then every field', async () => {
    const bytes = niftiFile({
      sformCode: 1,
      sform: [
        [1, 0, 0, 0],
        [0, 1, 0, 0],
        [0, 0, 1, 0],
      ],
      version: 2,
    });
    bytes.set(Buffer.from('made \u001b[31mhere'), 240);
    const { exitCode, out } = await run(await folder.write('a.nii', bytes));
    assert.equal(exitCode, 0);
    assert.match(out, /^NIfTI-2, little-endian\n\nnote 10: .* \[ct-mcqa xyzt_units\]\n {4}\S/);
    assert.match(out, /\ndatatype +int16 +4 +int16\n/);
    assert.match(out, /\ndescrip +char\[80\] +made \\x1b\[31mhere\n/);
  });

  it('prints JSON alone, and ends with 1 where nibabel refuses the header', async () => {
    const bad = await folder.write('bad.nii', niftiFile({ magic: 'xx1\0' }));
    const { exitCode, out } = await run(bad, '--format', 'json');
    const { format, fields, checks } = JSON.parse(out) as HeaderDescription;
    assert.equal(exitCode, 1);
    assert.deepEqual([format, fields.length], ['nifti1', 43]);
    assert.deepEqual([checks[0].name, checks[0].severity], ['magic', 45]);
  });

  it('ends with 2 where there is no header', async () => {
    const short = await folder.write('short.nii', new Uint8Array(10));
    const { exitCode, out, err } = await run(short);
    assert.deepEqual([exitCode, out], [2, '']);
    assert.match(err, /short\.nii has 10 bytes.*\nCopy or download/);
  });
});
