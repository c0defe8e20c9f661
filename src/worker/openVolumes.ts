import { randomUUID } from 'node:crypto';
import { UserError } from '../core/errors';
import type { LongWork } from '../core/progress';
import type { Slice } from '../core/volume/slices';
import type { Plane } from '../core/volume/types';
import { packedPiece } from '../core/volume/voxelCodec';
import type { VoxelPiece } from '../core/volume/voxelPieces';
import type {
  OpenVolume,
  OpenVolumeRequest,
  VolumePieceAnswer,
  VoxelAddress,
} from '../protocol/messages';
import type { ShownVolume } from './shownVolume';
import { VoxelServer } from './voxelServer';

interface Entry {
  readonly volume: ShownVolume;
  readonly packs: boolean;
}

/** The volumes that viewers have open. Their voxels are on the way to the viewer, not here. */
export class OpenVolumes {
  private readonly entries = new Map<string, Entry>();
  private readonly server = new VoxelServer();

  /** Reads the header; the voxels follow piece by piece. */
  async open(request: OpenVolumeRequest): Promise<OpenVolume> {
    const { openShownVolume } = await import('./shownVolume');
    return this.keep(await openShownVolume(request), request.packs);
  }

  /** Takes in a volume that did not come from a file as it is. */
  keep(volume: ShownVolume, packs: boolean): OpenVolume {
    const handle = randomUUID();
    this.entries.set(handle, { volume, packs });
    return { handle, ...volume.description };
  }

  /** The next piece; what is asked for while another is under way waits for its turn. */
  async piece(handle: string): Promise<VolumePieceAnswer> {
    const { volume, packs } = this.entry(handle);
    const answer = await volume.next();
    if (answer.kind === 'end' || !packs) {
      return answer;
    }
    const piece = packedPiece(answer.piece);
    if (piece.voxels !== answer.piece.voxels) {
      volume.recycle(answer.piece);
    }
    return { kind: 'voxels', piece };
  }

  /**
   * Offers the pieces that are still to come at an address of this machine. Resolves with whether all
   * that there is was sent.
   */
  stream(
    handle: string,
    onAddress: (address: VoxelAddress) => void,
    signal: AbortSignal,
  ): Promise<boolean> {
    const { volume } = this.entry(handle);
    const onSent = (piece: VoxelPiece): void => {
      volume.recycle(piece);
    };
    return this.server.serve({ pieces: remaining(volume), onSent }, onAddress, signal);
  }

  slice(handle: string, plane: Plane, index: number, work: LongWork): Promise<Slice | null> {
    return this.entry(handle).volume.slice(plane, index, work);
  }

  close(handle: string): void {
    this.entries.get(handle)?.volume.close();
    this.entries.delete(handle);
  }

  /** How many volumes are open. */
  get size(): number {
    return this.entries.size;
  }

  private entry(handle: string): Entry {
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

async function* remaining(volume: ShownVolume): AsyncGenerator<VoxelPiece, void, undefined> {
  for (;;) {
    const answer = await volume.next();
    if (answer.kind === 'end') {
      return;
    }
    yield answer.piece;
  }
}
