import assert from 'node:assert/strict';
import './fakeVscode';
import * as vscode from 'vscode';
import {
  followPlaces,
  noteLastPlace,
  openPreviewAt,
  takePlace,
} from '../../../src/extension/views/preview/places';
import type { PatientPlace } from '../../../src/protocol/preview';

const heart: PatientPlace = { mm: [10, 20, 30], share: [0.4, 0.5, 0.6] };
const lung: PatientPlace = { mm: [-50, 0, 60], share: [0.2, 0.5, 0.7] };

describe('The place that was looked at last', () => {
  const uri = (name: string): vscode.Uri => vscode.Uri.file(`/scans/${name}.nii.gz`);

  it('is where the next preview of a volume begins, once', async () => {
    noteLastPlace(heart);
    await openPreviewAt(uri('new'));
    noteLastPlace(lung);
    assert.equal(takePlace(uri('other')), undefined);
    assert.equal(takePlace(uri('new')), heart);
    assert.equal(takePlace(uri('new')), undefined);
  });

  it('is where the open previews of a volume go to', async () => {
    const went: [string, PatientPlace][] = [];
    const [first, second] = ['first', 'second'].map((name) =>
      followPlaces(uri('open'), (place) => went.push([name, place])),
    );
    noteLastPlace(heart);
    await openPreviewAt(uri('open'));
    assert.deepEqual(went, [
      ['first', heart],
      ['second', heart],
    ]);
    assert.equal(takePlace(uri('open')), undefined);
    first.dispose();
    noteLastPlace(lung);
    await openPreviewAt(uri('open'));
    assert.deepEqual(went.slice(2), [['second', lung]]);
    second.dispose();
    await openPreviewAt(uri('open'));
    assert.equal(went.length, 3);
    assert.equal(takePlace(uri('open')), lung);
  });
});
