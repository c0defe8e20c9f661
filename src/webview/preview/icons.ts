import { svgElement } from '../shared/dom';

/** Paths of 16 x 16 line drawings. */
const drawings = {
  crosshair: 'M8 1v5M8 10v5M1 8h5M10 8h5',
  window: 'M8 2a6 6 0 1 0 0 12zM8 2a6 6 0 0 1 0 12',
  pan: 'M8 1.5v13M1.5 8h13M8 1.5l-2 2M8 1.5l2 2M8 14.5l-2-2M8 14.5l2-2M1.5 8l2-2M1.5 8l2 2M14.5 8l-2-2M14.5 8l-2 2',
  distance: 'M2.5 13.5l11-11M1.5 11l3.5 3.5M11 1.5l3.5 3.5',
  rectangle: 'M2 3.5h12v9H2z',
  ellipse: 'M14 8c0 2.5-2.7 4.5-6 4.5S2 10.5 2 8s2.7-4.5 6-4.5 6 2 6 4.5z',
  lines: 'M8 1v14M1 8h14',
  centre: 'M8 5.5a2.5 2.5 0 1 0 .01 0M8 1v2M8 13v2M1 8h2M13 8h2',
  fit: 'M2 6V2h4M10 2h4v4M14 10v4h-4M6 14H2v-4',
  rendering: 'M8 1.5l5.5 3v7L8 14.5l-5.5-3v-7zM8 8l5.5-3.5M8 8v6.5M8 8L2.5 4.5',
  overlay: 'M2 5.5l6-3 6 3-6 3zM2 10.5l6 3 6-3',
  compare: 'M1.5 3.5H7v9H1.5zM9 3.5h5.5v9H9z',
  copy: 'M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3',
  save: 'M8 2v8M4.5 7L8 10.5 11.5 7M2.5 13.5h11',
  remove: 'M4 4l8 8M12 4l-8 8',
} as const;

export type IconName = keyof typeof drawings;

export function icon(name: IconName): SVGElement {
  return svgElement(
    'svg',
    { viewBox: '0 0 16 16', width: 16, height: 16, 'aria-hidden': 'true' },
    svgElement('path', {
      d: drawings[name],
      fill: 'none',
      stroke: 'currentColor',
      'stroke-width': 1.3,
      'stroke-linecap': 'round',
      'stroke-linejoin': 'round',
    }),
  );
}
