import { drawnLayer } from './planeLayer';
import { projected, slabRange, type Slab } from './slab';
import { planeLayouts } from './slices';
import type { Plane } from './types';
import type { EncodedVoxels } from './voxelEncoding';
import type { VoxelField } from './voxelField';

/** A picture of a plane, row-major, top left first, in the field's encoding. */
export interface PlanePicture {
  readonly plane: Plane;
  readonly index: number;
  readonly width: number;
  readonly height: number;
  readonly values: EncodedVoxels;
  /** 1 where there is no voxel: outside an oblique volume, or not arrived. Absent where all are. */
  readonly missing?: Uint8Array;
}

/** Draws `plane` at `index` of the grid, one slice or a slab; a mean is a float32 picture. */
export function samplePlane(
  field: VoxelField,
  plane: Plane,
  index: number,
  { projection, slices }: Slab = { projection: 'maximum', slices: 1 },
): PlanePicture {
  const layout = planeLayouts[plane];
  const { shape } = field.grid;
  const range = slabRange(index, slices, shape[layout.through]);
  const [first, last] = range;
  const draw = (slice: number): ReturnType<typeof drawnLayer> => drawnLayer(field, layout, slice);
  const { values, missing, hasMissing } =
    first === last ? draw(index) : projected(projection, range, draw, field.encoding.slope < 0);
  const [width, height] = [shape[layout.across], shape[layout.down]];
  return { plane, index, width, height, values, ...(hasMissing && { missing }) };
}
