/** Whether a picture shows what its file holds. */
import { huWindows } from '../../src/core/volume/windows';
import type { PagePicture } from './inPage/protocol';
import type { BenchVolume } from './volumes';

/** HU at a column and a row of an axial slice; slice 0 is the lowest. */
export type HuAt = (column: number, row: number, slice: number) => number;

/**
 * Compares a picture with the slice that it says it shows, through the lung window.
 *
 * @throws Error when its size is another or a pixel differs by more than one grey level.
 */
export function checkPicture(picture: PagePicture, { shape }: BenchVolume, huAt: HuAt): void {
  const [columns, rows] = shape;
  if (picture.width !== columns || picture.height !== rows) {
    throw new Error(
      `The picture is ${picture.width} x ${picture.height}, not ${columns} x ${rows}.`,
    );
  }
  const { level, width } = huWindows.lung;
  const gray = Buffer.from(picture.gray, 'base64');
  for (let row = 0, at = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++, at++) {
      const share = (huAt(column, row, picture.index) - (level - width / 2)) / width;
      const wanted = 255 * Math.min(1, Math.max(0, share));
      if (Math.abs(gray[at] - wanted) > 1) {
        const place = `column ${column}, row ${row}, slice ${picture.index}`;
        throw new Error(`At ${place} the page shows ${gray[at]} in place of ${wanted.toFixed(1)}.`);
      }
    }
  }
}
