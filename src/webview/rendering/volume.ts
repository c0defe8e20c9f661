/** A volume small enough for a graphics device. */
export interface RenderedVolume {
  /** Voxels along x to the patient's left, y to the back, z upwards. */
  readonly shape: readonly [number, number, number];
  readonly spacingMm: readonly [number, number, number];
  /** HU, x fastest: index x + nx * (y + ny * z). */
  readonly hu: Int16Array;
}
