import assert from 'node:assert/strict';
import './fakeVscode';
import * as vscode from 'vscode';
import { PreviewPlaces } from '../../../src/extension/views/preview/places';
import type { PatientPlace } from '../../../src/protocol/preview';

const heart: PatientPlace = { mm: [10, 20, 30], share: [0.4, 0.5, 0.6] };
const lung: PatientPlace = { mm: [-50, 0, 60], share: [0.2, 0.5, 0.7] };

describe('The place that was looked at last', () => {
  let places: PreviewPlaces;
  beforeEach(() => {
    places = new PreviewPlaces();
  });
  const uri = (name: string): vscode.Uri => vscode.Uri.file(`/scans/${name}.nii.gz`);

  it('is where the next preview of a volume begins, once', async () => {
    places.note(heart);
    await places.openPreview(uri('new'));
    places.note(lung);
    assert.equal(places.take(uri('other')), undefined);
    assert.equal(places.take(uri('new')), heart);
    assert.equal(places.take(uri('new')), undefined);
  });

  it('is where the open previews of a volume go to', async () => {
    const went: [string, PatientPlace][] = [];
    const [first, second] = ['first', 'second'].map((name) =>
      places.follow(uri('open'), (place) => went.push([name, place])),
    );
    places.note(heart);
    await places.openPreview(uri('open'));
    assert.deepEqual(went, [
      ['first', heart],
      ['second', heart],
    ]);
    assert.equal(places.take(uri('open')), undefined);
    first.dispose();
    places.note(lung);
    await places.openPreview(uri('open'));
    assert.deepEqual(went.slice(2), [['second', lung]]);
    second.dispose();
    await places.openPreview(uri('open'));
    assert.equal(went.length, 3);
    assert.equal(places.take(uri('open')), lung);
  });
});
