import type { PreviewStrings } from '../../protocol/preview';
import { element } from '../shared/dom';
import { decimal, fixed } from '../shared/format';
import type { Position } from './geometry';

/** A voxel as the status line shows it. */
export interface VoxelReading {
  /** Undefined while the slice is under way. */
  readonly hu: number | undefined;
  readonly ijk: Position;
  readonly worldMm: Position;
}

/** The line below the planes: HU, voxel index and world position under the pointer. */
export class StatusLine {
  readonly root: HTMLElement;
  private readonly hu = element('output', { class: 'hu' });
  private readonly voxel = element('span', { class: 'voxel' });
  private readonly world = element('span', { class: 'world' });
  /** Spoken by a screen reader when filled; moving the pointer alone says nothing. */
  private readonly spoken = element('div', { class: 'for-screen-readers', 'aria-live': 'polite' });
  private readonly badge = element('span', { class: 'badge', hidden: true });
  private readonly convention = element('span', { class: 'convention' });

  constructor(private readonly strings: PreviewStrings) {
    this.hu.setAttribute('aria-live', 'off');
    this.root = element(
      'footer',
      { class: 'status' },
      this.hu,
      this.voxel,
      this.world,
      element('span', { class: 'gap' }),
      this.badge,
      this.convention,
      this.spoken,
    );
  }

  show(reading: VoxelReading): void {
    const { hu, ijk, worldMm } = reading;
    this.hu.value = `${hu === undefined ? '–' : decimal(hu, 1)} ${this.strings.hu}`;
    this.voxel.textContent = `${this.strings.voxel} ${ijk.join(', ')}`;
    this.world.textContent = `${this.strings.world} ${worldMm
      .map((value) => fixed(value, 1))
      .join(', ')} mm`;
  }

  /** Has a screen reader read the voxel out. */
  speak({ hu, ijk, worldMm }: VoxelReading): void {
    const { strings } = this;
    this.spoken.textContent = '';
    this.spoken.textContent = [
      `${hu === undefined ? '–' : decimal(hu, 1)} ${strings.hu}`,
      `${strings.voxel} ${ijk.join(' ')}`,
      `${strings.world} ${worldMm.map((value) => decimal(value, 0)).join(' ')} mm`,
    ].join(', ');
  }

  /** What holds for the volume as a whole; `warning` stands in a badge. */
  showVolume(knowsSides: boolean, warning: string | undefined): void {
    this.convention.textContent = knowsSides
      ? this.strings.radiological
      : this.strings.unknownOrientation;
    this.badge.hidden = warning === undefined;
    this.badge.textContent = warning ?? '';
  }
}
