import assert from 'node:assert/strict';
import { plannedVolumes } from '../../../src/core/sample/cohort';
import type { Scan } from '../../../src/core/sample/cohort';
import { ctRateLabels } from '../../../src/core/sample/columns';
import { findingKinds } from '../../../src/core/sample/findings';
import { writeReport } from '../../../src/core/sample/report';

const volumes = [...plannedVolumes(0, 600)];
const scans = [...new Set(volumes.map((volume) => volume.scan))];

function labelsOf(scan: Scan): string[] {
  return scan.findings.map(({ kind }) => kind.label);
}

describe('sample cohort', () => {
  it("knows every one of CT-RATE's labels once and lets all occur", () => {
    assert.deepEqual(findingKinds.map((kind) => kind.label).sort(), [...ctRateLabels].sort());
    for (const label of ctRateLabels) {
      const count = scans.filter((scan) => labelsOf(scan).includes(label)).length;
      assert.ok(count >= 0.03 * scans.length, `${label}: ${count} of ${scans.length}`);
    }
  });

  it('has few normal scans and few findings a scan', () => {
    const normal = scans.filter((scan) => scan.findings.length === 0);
    assert.ok(normal.length > 0 && normal.length < 0.08 * scans.length);
    assert.ok(scans.every((scan) => scan.findings.length <= 4));
    assert.ok(scans.every((scan) => new Set(labelsOf(scan)).size === scan.findings.length));
  });

  it('has second scans whose findings changed, on a later date', () => {
    const second = scans.filter((scan) => scan.letter === 'b');
    assert.ok(second.length > 0.05 * scans.length);
    let changed = 0;
    for (const later of second) {
      const before = scans.find(
        (scan) => scan.patientNumber === later.patientNumber && scan.letter === 'a',
      );
      assert.ok(before && before.date < later.date);
      assert.deepEqual(
        [later.patient.age, later.patient.sex],
        [before.patient.age, before.patient.sex],
      );
      const lasting = before.findings
        .filter(({ kind }) => !kind.changes)
        .map(({ kind }) => kind.label);
      assert.deepEqual(
        lasting.filter((label) => !labelsOf(later).includes(label)),
        [],
      );
      changed += JSON.stringify(labelsOf(before)) === JSON.stringify(labelsOf(later)) ? 0 : 1;
    }
    assert.ok(changed > 0);
  });

  it('reconstructs some scans twice, with one report', () => {
    const twice = scans.filter((scan) => scan.kernels.length === 2);
    assert.ok(twice.length > 0.05 * scans.length);
    for (const scan of twice) {
      assert.notEqual(scan.kernels[0].name, scan.kernels[1].name);
      assert.deepEqual(writeReport(scan), writeReport(scan));
    }
  });
});

describe('sample reports', () => {
  it('name each finding of the scan in the impression, and none in a normal one', () => {
    for (const scan of scans) {
      const sentences = writeReport(scan).impression.split(/(?<=\.) /);
      for (const finding of scan.findings) {
        // Whatever way of saying it the report chose must be one of this finding's own.
        const ways = new Set(
          Array.from({ length: 40 }, (_, n) => finding.conclusion(scan.random(`way ${n}`))),
        );
        assert.ok(
          [...ways].some((way) => way.split(/(?<=\.) /).every((part) => sentences.includes(part))),
        );
      }
    }
  });

  it('say that something is absent only where it is', () => {
    for (const scan of scans) {
      const { findings } = writeReport(scan);
      for (const { kind } of scan.findings) {
        assert.deepEqual(
          kind.absences.filter((absence) => findings.includes(absence)),
          [],
          `${kind.label} in: ${findings}`,
        );
      }
    }
  });

  it('differ between patients, and leave some fields "Not given."', () => {
    const reports = scans.map((scan) => writeReport(scan));
    assert.ok(new Set(reports.map((report) => report.findings)).size > 0.98 * scans.length);
    const empty = reports.filter((report) => report.clinicalInformation === 'Not given.').length;
    assert.ok(empty > 0.25 * scans.length && empty < 0.55 * scans.length);
  });
});
