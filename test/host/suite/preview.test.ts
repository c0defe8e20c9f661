import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { writeVolume } from '../../../src/core/volume/write';
import { extension, workspacePath } from '../inside/extension';
import type { Area, Picture } from '../inside/picture';
import { phantomVolume, writePhantom } from '../inside/phantom';
import { webview, window, type DocumentDriver } from '../inside/window';

/** Opens a volume in the preview and waits for the first picture of every plane. */
async function openPreview(path: string, title: string): Promise<DocumentDriver> {
  await vscode.commands.executeCommand('ctMcqa.openPreview', vscode.Uri.file(path));
  const view = webview(title);
  await waitForPictures(view);
  return view;
}

async function waitForPictures(view: DocumentDriver): Promise<void> {
  for (const plane of ['axial', 'coronal', 'sagittal']) {
    await view.waitFor(`.${plane} canvas[data-index]`);
  }
}

/** Brightness of a picture around a place, given in shares of its width and height. */
function brightnessAt(picture: Picture, across: number, down: number): number {
  const area: Area = {
    x: Math.round(picture.width * across) - 2,
    y: Math.round(picture.height * down) - 2,
    width: 5,
    height: 5,
  };
  return picture.brightness(area);
}

/** The index of the slice that a plane shows, from 0 on. */
async function shownSlice(view: DocumentDriver, plane: string): Promise<number> {
  return view.evaluate(
    (name) => Number(document.querySelector<HTMLCanvasElement>(`.${name} canvas`)?.dataset.index),
    plane,
  );
}

const isInBrowser = vscode.env.uiKind === vscode.UIKind.Web;

async function closeAll(): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
}

describe('The CT preview', () => {
  const name = 'phantom 胸部[1].nii.gz';
  let path: string;
  let view: DocumentDriver;

  before(async () => {
    path = workspacePath(name);
    await writePhantom(path);
    view = await openPreview(path, 'phantom');
  });

  after(closeAll);

  it('shows three planes at their true proportions, the patient’s right on the left', async () => {
    const box = await view.evaluate(() =>
      Object.fromEntries(
        ['axial', 'coronal', 'sagittal'].map((plane) => {
          const { width, height } = document
            .querySelector(`.${plane} .picture`)!
            .getBoundingClientRect();
          return [plane, width / height];
        }),
      ),
    );
    assert.ok(Math.abs(box.axial - 120 / 100) < 0.02, `axial ${box.axial}`);
    assert.ok(Math.abs(box.coronal - 120 / 160) < 0.02, `coronal ${box.coronal}`);
    assert.ok(Math.abs(box.sagittal - 100 / 160) < 0.02, `sagittal ${box.sagittal}`);
    const letters = await view.evaluate(() =>
      [...document.querySelectorAll('.axial .edge')].map(({ textContent }) => textContent),
    );
    assert.deepEqual(letters, ['R', 'L', 'A', 'P']);
  });

  it('draws lungs dark and bone bright at the right places', async () => {
    await view.click('.axial .viewport');
    await window.press('c');
    await window.press('x');
    await window.press('2');
    const axial = await view.screenshot('preview phantom axial', '.axial .picture');
    // Lungs and spine of the phantom, in shares of the picture: row 0 is anterior.
    assert.ok(brightnessAt(axial, 0.27, 0.45) < 10, 'right lung');
    assert.ok(brightnessAt(axial, 0.72, 0.45) < 10, 'left lung');
    assert.ok(brightnessAt(axial, 0.5, 0.84) > 245, 'spine at the back');
    const soft = brightnessAt(axial, 0.5, 0.45);
    assert.ok(soft > 100 && soft < 150, `mediastinum ${soft}`);
  });

  it('puts left, front and head where the letters say', async () => {
    await view.click('.axial .viewport');
    await window.press('End');
    for (let i = 0; i < 4; i++) {
      await window.press('ArrowDown');
    }
    await window.press('3');
    await view.waitFor('.axial canvas[data-index="35"]');
    const axial = await view.screenshot('preview phantom marker', '.axial .picture');
    // Low i is the patient's left, so on the right; high j is the front, so on top.
    assert.ok(brightnessAt(axial, 0.87, 0.12) > 245, 'marker at the left front');
    assert.ok(brightnessAt(axial, 0.13, 0.12) < 200, 'none at the right front');
    assert.ok(brightnessAt(axial, 0.87, 0.88) < 200, 'none at the left back');
  });

  it('tells HU, voxel and world position, and links the planes', async () => {
    const target = await view.evaluate(() => {
      const { width, height } = document.querySelector('.axial .viewport')!.getBoundingClientRect();
      const picture = document.querySelector('.axial .picture')!.getBoundingClientRect();
      const left = (width - picture.width) / 2;
      const top = (height - picture.height) / 2;
      // Column 52 and row 5 of 60 x 50: the marker, at i = 60 - 1 - 52 = 7, j = 50 - 1 - 5 = 44.
      return { x: left + (picture.width * 52.5) / 60, y: top + (picture.height * 5.5) / 50 };
    });
    await view.click('.axial .viewport', { position: target });
    await view.waitUntil(() => document.querySelector('.hu')?.textContent.startsWith('3000'));
    assert.equal(await view.text('.hu'), '3000 HU');
    assert.match(await view.text('.voxel'), /7, 44, 35$/);
    assert.match(await view.text('.world'), /−46\.0, 38\.0, 60\.0 mm$/);
    await view.waitFor('.sagittal canvas[data-index="52"]');
    await view.waitFor('.coronal canvas[data-index="5"]');
  });

  it('moves by wheel, keys and slider', async () => {
    await view.click('.axial .viewport');
    await window.press('c');
    await view.waitFor('.axial canvas[data-index="20"]');
    await view.wheel('.axial .viewport', -100);
    await view.waitFor('.axial canvas[data-index="21"]');
    await window.press('PageDown');
    await view.waitFor('.axial canvas[data-index="11"]');
    await view.evaluate(() => {
      const slider = document.querySelector<HTMLInputElement>('.coronal input')!;
      slider.value = '30';
      slider.dispatchEvent(new Event('input'));
    });
    await view.waitFor('.coronal canvas[data-index="30"]');
    assert.equal(await shownSlice(view, 'axial'), 11);
  });

  it('shows the header facts, and remembers the view while its tab is hidden', async () => {
    await view.click('.axial .viewport');
    await window.press('1');
    await window.press('i');
    assert.match(await view.text('.facts'), /60 × 50 × 40[^]*2 × 2 × 4 mm[^]*RAS[^]*int16/);
    await view.evaluate(() => {
      document.querySelector<HTMLElement>('.segment:nth-child(3)')!.click();
    });
    await vscode.commands.executeCommand('workbench.action.files.newUntitledFile');
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    await waitForPictures(view);
    const level = await view.evaluate(
      () => document.querySelector<HTMLInputElement>('.number input')!.value,
    );
    assert.equal(level, '400');
    assert.match(await view.text('.facts'), /RAS/);
    await window.screenshot('preview phantom');
  });

  it('says what is wrong with a broken file and what to do, and shows it once it is mended', async () => {
    const whole = await readFile(path);
    await writeFile(path, whole.subarray(0, whole.length / 2));
    await view.waitFor('.problem');
    const message = await view.text('.problem .message');
    assert.ok(message.length > 10 && !message.includes('\n'), message);
    assert.ok((await view.text('.problem .remedy')).length > 10);
    await window.screenshot('preview broken');
    await writeFile(path, whole);
    await waitForPictures(view);
    assert.equal(await view.count('.problem'), 0);
  });

  it('allows the page its own script and style only, and to fetch from the editor’s own server', async () => {
    const policy = await view.evaluate(
      () => document.querySelector<HTMLMetaElement>('meta[http-equiv]')!.content,
    );
    const [everything, scripts, styles, ...others] = policy.split('; ');
    assert.equal(everything, "default-src 'none'");
    assert.match(scripts, /^script-src 'nonce-[^']+'$/);
    assert.match(styles, /^style-src [^;]+$/);
    assert.deepEqual(others, isInBrowser ? ["connect-src 'self'"] : []);
    assert.doesNotMatch(policy, /unsafe/);
    const ran = await view.evaluate(() => {
      const script = document.createElement('script');
      script.textContent = 'window.intruder = true';
      document.body.append(script);
      return 'intruder' in window;
    });
    assert.equal(ran, false);
  });
});

describe('The CT preview of a volume of some pieces', () => {
  const path = workspacePath('some pieces.nii');

  after(async () => {
    await closeAll();
    await rm(path, { force: true });
  });

  it('fetches all but the first by way of the editor’s own address, where that is one of a server', async () => {
    const shape = [160, 160, 100] as const;
    const { affine, spacingMm } = phantomVolume();
    const voxels = Int16Array.from({ length: 160 * 160 * 100 }, (_, at) => at % 1000);
    await writeVolume(path, { shape, affine, spacingMm, voxels });
    const view = await openPreview(path, 'some pieces');
    await view.waitUntil(() => performance.getEntriesByName('whole-volume').length === 1);
    const answers = await view.evaluate(() =>
      performance
        .getEntriesByType('resource')
        .filter(({ name }) => name.startsWith(`${location.origin}/proxy/`))
        .map((entry) => (entry as PerformanceResourceTiming).responseStatus),
    );
    // Once more where the file is reported as changed after it was opened.
    assert.deepEqual([...new Set(answers)], isInBrowser ? [200] : []);
  });
});

describe('The CT preview of a real scan', () => {
  after(closeAll);

  it('shows the lungs dark and the spine bright', async function () {
    const scan = join(extension().extensionPath, '..', 'shared/data/ct/LungDx_A0001_s2.nii.gz');
    if (!existsSync(scan)) {
      this.skip();
    }
    const view = await openPreview(scan, 'LungDx');
    await view.waitUntil(() => performance.getEntriesByName('whole-volume').length > 0);
    await view.click('.axial .viewport');
    await window.press('c');
    await window.press('1');
    await window.press('t');
    await view.waitFor('.rendering canvas');
    await window.screenshot('preview of a chest CT');
    await window.press('t');
    await window.press('x');
    await window.press('2');
    await view.waitFor('.axial canvas[data-index="32"]');
    const axial = await view.screenshot('preview chest axial', '.axial .picture');
    assert.ok(brightnessAt(axial, 0.3, 0.55) < 30, 'right lung');
    assert.ok(brightnessAt(axial, 0.66, 0.5) < 30, 'left lung');
    assert.ok(brightnessAt(axial, 0.5, 0.5) > 80, 'heart');
    await window.press('3');
    const bone = await view.screenshot('preview chest bone', '.axial .picture');
    const spine = { x: bone.width * 0.46, y: bone.height * 0.72, width: 40, height: 60 };
    const lung = brightnessAt(bone, 0.3, 0.55);
    const area = Object.fromEntries(
      Object.entries(spine).map(([key, value]) => [key, Math.round(value)]),
    ) as unknown as Area;
    assert.ok(bone.brightness(area) > lung + 80, 'spine brighter than lung');
  });
});
