import type { Plane } from '../../core/volume/types';
import { element } from './dom';

/** The sides of a plane's pictures: left, right, top, bottom. */
export const sideLetters: Readonly<Record<Plane, readonly [string, string, string, string]>> = {
  axial: ['R', 'L', 'A', 'P'],
  coronal: ['R', 'L', 'S', 'I'],
  sagittal: ['A', 'P', 'S', 'I'],
};

/** The letters at the edges of a picture; style sheets place them. */
export function sideMarks(plane: Plane, isMirrored = false): HTMLElement[] {
  const [left, right, top, bottom] = sideLetters[plane];
  const letters = isMirrored ? [right, left, top, bottom] : [left, right, top, bottom];
  return ['left', 'right', 'top', 'bottom'].map((side, i) =>
    element('span', { class: `edge ${side}`, 'aria-hidden': 'true' }, letters[i]),
  );
}
