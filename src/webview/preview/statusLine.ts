import type { VolumeInfo } from '../../core/volume/describe';
import type { PreviewStrings, PreviewVolume } from '../../protocol/preview';
import { problemOf } from '../shared/cards';
import { element, oncePerFrame } from '../shared/dom';
import { decimal, fill, fixed, percent } from '../shared/format';
import type { Geometry, Position } from './geometry';
import { inPageWords } from './pageError';

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
  private readonly hu = element('output', { class: 'hu', 'aria-live': 'off' });
  private readonly voxel = element('span', { class: 'voxel' });
  private readonly world = element('span', { class: 'world' });
  /** Spoken by a screen reader when filled; moving the pointer alone says nothing. */
  private readonly spoken = element('div', { class: 'for-screen-readers', 'aria-live': 'polite' });
  private readonly loading = element('span', { class: 'loading-share', hidden: true });
  private readonly note = element('span', { class: 'badge', hidden: true });
  private readonly message = element('span', { class: 'message', role: 'status' });
  private readonly convention = element('span', { class: 'convention' });
  private next: VoxelReading | undefined;
  /** Of values; none where they are not HU. */
  private unit: string;
  private readonly update: () => void;

  constructor(private readonly strings: PreviewStrings) {
    this.unit = strings.hu;
    this.update = oncePerFrame(() => {
      if (this.next !== undefined) {
        this.show(this.next);
      }
    });
    this.root = element(
      'footer',
      { class: 'status' },
      this.hu,
      this.voxel,
      this.world,
      this.loading,
      this.message,
      element('span', { class: 'gap' }),
      this.note,
      this.convention,
      this.spoken,
    );
  }

  /** Shows a reading with the next frame, however many come before it. */
  showSoon(reading: VoxelReading): void {
    this.next = reading;
    this.update();
  }

  /** Has a screen reader read the voxel out. */
  speak({ hu, ijk, worldMm }: VoxelReading): void {
    const { strings } = this;
    this.spoken.textContent = '';
    this.spoken.textContent = [
      `${valueText(hu)} ${this.unit}`,
      `${strings.voxel} ${ijk.join(' ')}`,
      `${strings.world} ${worldMm.map((value) => decimal(value, 0)).join(' ')} mm`,
    ].join(', ');
  }

  /** Says what was done, to everybody. */
  say(text: string): void {
    this.message.classList.remove('failed');
    this.message.textContent = text;
  }

  /** Says what went wrong while the volume stays on screen. */
  fail(thrown: unknown): void {
    const { message, remedy = '' } = problemOf(inPageWords(thrown, this.strings.problems));
    this.message.classList.add('failed');
    this.message.textContent = `${message} ${remedy}`;
  }

  /** How much of the volume has arrived. */
  showLoading(share: number): void {
    this.loading.hidden = share >= 1;
    this.loading.textContent = fill(this.strings.arrived, percent(share, 0));
  }

  /** What holds for the volume as a whole. */
  showVolume(
    { knowsSides, convention, grid }: Geometry,
    { proxy, header }: PreviewVolume,
    info?: VolumeInfo,
  ): void {
    const { strings } = this;
    this.convention.textContent = knowsSides
      ? strings.conventionHints[convention]
      : strings.unknownOrientation;
    this.unit = info?.hu_source === 'uncertain' ? '' : strings.hu;
    const notes = [
      ...(header.frames > 1 ? [fill(strings.framesNote, header.frames)] : []),
      ...(proxy === undefined ? [] : [fill(strings.proxyNote, proxy.factor)]),
      ...(grid.isAligned ? [] : [strings.obliqueNote]),
    ];
    this.note.hidden = notes.length === 0;
    this.note.textContent = notes.join(' · ');
  }

  private show(reading: VoxelReading): void {
    const { hu, ijk, worldMm } = reading;
    this.hu.value = `${valueText(hu)} ${this.unit}`;
    this.voxel.textContent = `${this.strings.voxel} ${ijk.join(', ')}`;
    this.world.textContent = `${this.strings.world} ${worldMm
      .map((value) => fixed(value, 1))
      .join(', ')} mm`;
  }
}

/** Beyond these digits a number is told by its power of ten. */
const mostDigits = 7;

function valueText(value: number | undefined): string {
  if (value === undefined) {
    return '–';
  }
  return Math.abs(value) >= 10 ** mostDigits ? value.toPrecision(4) : decimal(value, 1);
}
