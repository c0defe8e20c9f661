import { placedLetters, type Orbit } from './orbit';

/** Edge of the square that the marks are drawn into, CSS pixels. */
export const marksSize = 92;
const arm = 28;

/** Draws the patient's sides as six letters on three axes, those towards the viewer brightest. */
export function drawMarks(
  context: CanvasRenderingContext2D,
  orbit: Orbit,
  scale: number,
  left: number,
  top: number,
): void {
  context.save();
  context.setTransform(
    scale,
    0,
    0,
    scale,
    left + (scale * marksSize) / 2,
    top + (scale * marksSize) / 2,
  );
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.lineCap = 'round';
  for (const { letter, x, y, depth } of placedLetters(orbit)) {
    const [toX, toY] = [x * arm, y * arm];
    context.globalAlpha = depth < -0.15 ? 0.45 : 1;
    context.strokeStyle = axisColours[letter];
    context.lineWidth = 2;
    context.beginPath();
    context.moveTo(0, 0);
    context.lineTo(toX, toY);
    context.stroke();
    context.font = `600 ${12 + 2 * depth}px system-ui, sans-serif`;
    context.lineWidth = 3;
    context.strokeStyle = 'rgb(0 0 0 / 75%)';
    const [atX, atY] = [toX * 1.28, toY * 1.28];
    context.strokeText(letter, atX, atY);
    context.fillStyle = '#f2f4f8';
    context.fillText(letter, atX, atY);
  }
  context.restore();
}

/** Each axis in the colour of the plane that it runs through: sagittal, coronal, axial. */
const axisColours: Readonly<Record<string, string>> = {
  R: '#6cb6ff',
  L: '#6cb6ff',
  A: '#5ad1a0',
  P: '#5ad1a0',
  I: '#ffc857',
  S: '#ffc857',
};
