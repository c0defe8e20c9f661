import { randomUUID } from 'node:crypto';
import { UserError } from '../core/errors';
import type { LongWork } from '../core/progress';
import type { Slice } from '../core/volume/slices';
import type { Plane } from '../core/volume/types';
import type { OpenVolume, OpenVolumeRequest, VolumePieceAnswer } from '../protocol/messages';
import type { ShownVolume } from './shownVolume';

/** The volumes that viewers have open. Their voxels are on the way to the viewer, not here. */
export class OpenVolumes {
  private readonly entries = new Map<string, ShownVolume>();

  /** Reads the header; the voxels follow piece by piece. */
  async open(request: OpenVolumeRequest): Promise<OpenVolume> {
    const { openShownVolume } = await import('./shownVolume');
    return this.keep(await openShownVolume(request));
  }

  /** Takes in a volume that did not come from a file as it is. */
  keep(volume: ShownVolume): OpenVolume {
    const handle = randomUUID();
    this.entries.set(handle, volume);
    return { handle, ...volume.description };
  }

  /** The next piece; what is asked for while another is under way waits for its turn. */
  piece(handle: string): Promise<VolumePieceAnswer> {
    return this.entry(handle).next();
  }

  slice(handle: string, plane: Plane, index: number, work: LongWork): Promise<Slice | null> {
    return this.entry(handle).slice(plane, index, work);
  }

  close(handle: string): void {
    this.entries.get(handle)?.close();
    this.entries.delete(handle);
  }

  /** How many volumes are open. */
  get size(): number {
    return this.entries.size;
  }

  private entry(handle: string): ShownVolume {
    const entry = this.entries.get(handle);
    if (entry === undefined) {
      throw new UserError(
        'volume-not-open',
        'This volume is no longer open.',
        'Close the preview and open the file again.',
      );
    }
    return entry;
  }
}
