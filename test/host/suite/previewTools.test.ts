import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { writeVolume } from '../../../src/core/volume/write';
import { workspacePath } from '../inside/extension';
import { phantomVolume, writePhantom } from '../inside/phantom';
import { decodePicture } from '../inside/picture';
import { until, webview, window, type DocumentDriver } from '../inside/window';

async function openPreview(path: string, title: string): Promise<DocumentDriver> {
  await vscode.commands.executeCommand('ctMcqa.openPreview', vscode.Uri.file(path));
  const view = webview(title);
  for (const plane of ['axial', 'coronal', 'sagittal']) {
    await view.waitFor(`.${plane} canvas[data-index]`);
  }
  return view;
}

/** Presses keys that go to the axial plane. */
async function press(view: DocumentDriver, ...keys: string[]): Promise<void> {
  await view.evaluate(() => {
    document.querySelector<HTMLElement>('.axial .viewport')!.focus();
  });
  for (const key of keys) {
    await window.press(key);
  }
}

/** From the middle of the axial plane ten voxels of 2 mm to the left. */
async function measureDistance(view: DocumentDriver): Promise<void> {
  await press(view, 'c', 'd', 'Enter');
  for (let i = 0; i < 10; i++) {
    await window.press('Shift+ArrowRight');
  }
  await press(view, 'Enter');
  await view.waitUntil(
    () => document.querySelector('.axial .measurement-labels')?.textContent === '20 mm',
  );
}

async function closeAll(): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
}

describe('The tools of the CT preview', () => {
  const folder = workspacePath('preview tools 工具');
  const path = join(folder, 'tools.nii.gz');
  let view: DocumentDriver;

  before(async () => {
    await mkdir(folder, { recursive: true });
    await writePhantom(path);
    await writeFile(
      join(folder, 'train_reports.csv'),
      'VolumeName,ClinicalInformation_EN,Technique_EN,Findings_EN,Impressions_EN\n' +
        'tools.nii.gz,,,A dense marker in front of the left lung.,Phantom with a marker.\n',
    );
    await writeFile(
      join(folder, 'tools.mcqa.jsonl'),
      `${JSON.stringify({
        id: 'q1',
        image_path: 'tools.nii.gz',
        options: [
          { text: 'Phantom with a marker.', label: 1 },
          { text: 'Phantom without a marker.', label: 0 },
        ],
      })}\n`,
    );
    view = await openPreview(path, 'tools');
  });

  after(async () => {
    await closeAll();
    await rm(folder, { recursive: true, force: true });
  });

  it('measures a distance and HU in a rectangle by keyboard, in mm and HU', async () => {
    await measureDistance(view);
    await press(view, 'r', 'Enter');
    for (let i = 0; i < 3; i++) {
      await window.press('Shift+ArrowRight');
      await window.press('Shift+ArrowDown');
    }
    await press(view, 'Enter');
    await view.waitUntil(
      () => document.querySelectorAll('.axial .measurement-labels output').length === 2,
    );
    const text = await view.text('.axial .measurement-labels');
    assert.match(text, /mean −870, SD 0, −870 … −870 HU\s*36 mm²/);
    await window.screenshot('preview measurements');
    await press(view, 'Delete', 'Delete', 'Escape');
    assert.equal(await view.count('.axial .measurement-labels output'), 0);
  });

  it('saves its pictures with what was measured in them', async () => {
    const yellow = async (): Promise<number> => {
      const target = join(folder, 'tools.png');
      await rm(target, { force: true });
      await view.click('[data-action="save"]');
      await window.waitFor('.quick-input-widget input');
      await window.press('Enter');
      await until(() => Promise.resolve(existsSync(target)), 'a saved picture');
      const picture = decodePicture(await readFile(target));
      let count = 0;
      for (let y = 0; y < picture.height; y++) {
        for (let x = 0; x < picture.width; x++) {
          const [red, green, blue] = picture.at(x, y);
          count += Number(red > 200 && green > 180 && blue < 130);
        }
      }
      return count;
    };
    assert.equal(await yellow(), 0);
    await measureDistance(view);
    // A line of ten of sixty voxels across a plane that is some hundred pixels wide, and its text.
    assert.ok((await yellow()) > 60);
    await press(view, 'Delete', 'Escape');
  });

  it('shows one plane alone, and the patient as a neurologist looks at them', async () => {
    await press(view, 'f');
    await view.waitUntil(
      () => document.querySelector<HTMLElement>('.coronal')!.offsetParent === null,
    );
    await press(view, 'f', 'n');
    const letters = await view.evaluate(() =>
      [...document.querySelectorAll('.axial .edge')].map(({ textContent }) => textContent),
    );
    assert.deepEqual(letters, ['L', 'R', 'A', 'P']);
    assert.match(await view.text('.convention'), /Neurological/);
    await press(view, 'n');
  });

  it('projects the brightest of a slab', async () => {
    // The marker lies 13 to 17 slices above the middle: beyond a slab of 40 mm, inside one of 160.
    const brightest = (): Promise<number> =>
      view.evaluate(() => {
        const canvas = document.querySelector<HTMLCanvasElement>('.axial canvas')!;
        const { data } = canvas.getContext('2d')!.getImageData(52, 5, 1, 1);
        return data[0];
      });
    await press(view, 'c', '3');
    await until(async () => (await brightest()) < 100, 'the bone window without the marker');
    await view.select('.toolbar .group select', 'maximum');
    for (let i = 0; i < 4; i++) {
      await press(view, ']');
    }
    await until(async () => (await brightest()) > 250, 'the marker is in the slab');
    await view.select('.toolbar .group select', 'off');
  });

  it('shows the report and the questions of the volume beside it', async () => {
    await press(view, 'o');
    await view.waitUntil(() =>
      Boolean(document.querySelector('.report-panel')?.textContent.includes('dense marker')),
    );
    await view.waitUntil(() =>
      Boolean(document.querySelector('.report-panel')?.textContent.includes('q1')),
    );
    await window.screenshot('preview report');
  });

  it('shows every field of the header, and a histogram', async () => {
    await press(view, 'i');
    await view.waitUntil(() =>
      Boolean(document.querySelector('.panel-body')?.textContent.includes('sform_code')),
    );
    await window.screenshot('preview header');
    await press(view, 'g');
    await view.waitFor('.histogram .bars');
    await window.screenshot('preview histogram');
    await press(view, 'g');
  });

  it('shows what a model gets of the volume, at the same place', async () => {
    await view.waitUntil(() => document.querySelectorAll('.toolbar select option').length > 8);
    const before = await view.text('.world');
    await view.evaluate(() => {
      const source = [...document.querySelectorAll<HTMLSelectElement>('.toolbar select')].find(
        ({ options }) => [...options].some(({ value }) => value === 'cnn3d-bert-small'),
      )!;
      source.value = 'cnn3d-bert-small';
      source.dispatchEvent(new Event('change'));
    });
    await view.waitUntil(
      () => document.querySelector<HTMLCanvasElement>('.axial canvas')!.width !== 60,
    );
    const millimetres = (text: string): number[] =>
      [...text.replaceAll('−', '-').matchAll(/-?\d+\.\d/g)].map(([number]) => Number(number));
    const after = millimetres(await view.text('.world'));
    millimetres(before).forEach((mm, axis) => {
      assert.ok(Math.abs(mm - after[axis]) < 4, `${before} became ${after.join(', ')}`);
    });
    await window.screenshot('preview model view');
    await view.evaluate(() => {
      const source = [...document.querySelectorAll<HTMLSelectElement>('.toolbar select')].find(
        ({ options }) => [...options].some(({ value }) => value === 'cnn3d-bert-small'),
      )!;
      source.value = '';
      source.dispatchEvent(new Event('change'));
    });
    await view.waitUntil(
      () => document.querySelector<HTMLCanvasElement>('.axial canvas')!.width === 60,
    );
  });

  it('renders the volume in three dimensions', async () => {
    await press(view, 't');
    await view.waitFor('.rendering canvas');
    await window.screenshot('preview rendering');
    await press(view, 't');
    await view.waitForGone('.rendering');
  });

  it('lays a mask over the volume', async () => {
    const { voxels, ...volume } = phantomVolume();
    const mask = join(folder, 'mask.nii.gz');
    await writeVolume(mask, { ...volume, voxels: voxels.map((hu) => (hu === 900 ? 1 : 0)) });
    await view.click('[data-action="overlay"]');
    await window.click('.quick-input-widget .monaco-list-row:has-text("mask.nii.gz")');
    await view.waitUntil(
      () => document.querySelector('.overlay-name')?.textContent === 'mask.nii.gz',
    );
    const tint = (): Promise<number[]> =>
      view.evaluate(() => {
        const canvas = document.querySelector<HTMLCanvasElement>('.axial .tint')!;
        const context = canvas.getContext('2d')!;
        // The spine, and the right lung.
        return [
          context.getImageData(30, 42, 1, 1).data[3],
          context.getImageData(15, 22, 1, 1).data[3],
        ];
      });
    await until(async () => (await tint())[0] === 255, 'the spine is coloured');
    assert.equal((await tint())[1], 0);
    await window.screenshot('preview overlay');
  });

  it('compares two volumes with one crosshair', async () => {
    const other = join(folder, 'other.nii.gz');
    await writePhantom(other);
    await vscode.commands.executeCommand(
      'ctMcqa.compareVolumes',
      vscode.Uri.file(path),
      [path, other].map((each) => vscode.Uri.file(each)),
    );
    const both = webview('tools.nii.gz ↔ other.nii.gz');
    await both.waitFor('.place:nth-child(2) .axial canvas[data-index]');
    await both.evaluate(() => {
      document.querySelector<HTMLElement>('.place:first-child .axial .viewport')!.focus();
    });
    await window.press('End');
    await both.waitFor('.place:nth-child(2) .axial canvas[data-index="39"]');
    await window.screenshot('preview comparison');
  });
});

describe('The CT preview and HU', () => {
  const path = workspacePath('twice.nii');

  after(async () => {
    await closeAll();
    await vscode.workspace
      .getConfiguration('ctMcqa')
      .update('rescale', undefined, vscode.ConfigurationTarget.Workspace);
    await rm(path, { force: true });
  });

  it('names a double rescale and mends it for the workspace', async () => {
    // HU are stored, and the header would have them scaled once more.
    const { voxels, ...volume } = phantomVolume();
    await writeVolume(path, { ...volume, voxels: withAir(voxels), slope: 1, intercept: -1024 });
    const view = await openPreview(path, 'twice');
    await view.waitFor('.hu-banner.warning [data-rescale="none"]');
    await window.screenshot('preview double rescale');
    await view.click('.hu-banner [data-rescale="none"]');
    await view.waitForGone('.hu-banner');
    assert.equal(vscode.workspace.getConfiguration('ctMcqa').get('rescale'), 'none');
    await view.waitUntil(() => document.querySelector('.hu')?.textContent === '40 HU');
  });

  it('says so where no table has slope and intercept, and leads back', async () => {
    const { voxels, ...volume } = phantomVolume();
    await writeVolume(path, { ...volume, voxels: withAir(voxels) });
    const settings = vscode.workspace.getConfiguration('ctMcqa');
    await settings.update('rescale', 'csv', vscode.ConfigurationTarget.Workspace);
    await vscode.commands.executeCommand('ctMcqa.openPreview', vscode.Uri.file(path));
    const view = webview('twice');
    await view.waitFor('.card.problem');
    assert.match(await view.text('.card.problem'), /twice\.nii[^]*ctMcqa\.rescale/);
    await view.click('.card.problem button.fix');
    await until(
      () => vscode.workspace.getConfiguration('ctMcqa').get('rescale') === 'auto',
      'the workspace is back at auto',
    );
    await view.waitUntil(() => document.querySelector('.hu')?.textContent === '40 HU');
    assert.equal(await view.count('.card.problem'), 0);
  });
});

/** A quarter of a chest is air around it. */
function withAir(voxels: Int16Array): Int16Array {
  return voxels.map((hu, at) => (at % 60 < 8 ? -1000 : hu));
}
