import { CancelledError } from '../../core/errors';
import { orientedView } from '../../core/volume/orientation';
import type { VoxelField } from '../../core/volume/voxelField';
import type { PreviewVolume } from '../../protocol/preview';
import type { RenderingStrings } from '../../protocol/rendering';
import { renderedVolume, type VoxelSource } from './renderedVolume';
import { RenderingPane, type RenderingChoice } from './renderingPane';

/** A volume of which all voxels are here. */
export interface WholeVolume {
  readonly volume: PreviewVolume;
  readonly field: VoxelField;
}

/** The 3-D rendering beside the planes: nothing of it is loaded before it is asked for. */
export class RenderingControl {
  private pane: RenderingPane | undefined;
  private whole: WholeVolume | undefined;
  /** Ends the making of the voxels that are on their way to the graphics device. */
  private making: AbortController | undefined;
  private choice: RenderingChoice = { preset: 'bone', cutAway: undefined };
  private crosshair: readonly [number, number, number] = [0.5, 0.5, 0.5];

  constructor(
    private readonly planes: HTMLElement,
    private readonly strings: RenderingStrings,
    private readonly onError: (thrown: unknown) => void,
  ) {}

  /** Opens or closes the rendering. */
  show(isShown: boolean): void {
    if (isShown === (this.pane !== undefined)) {
      return;
    }
    this.planes.classList.toggle('with-rendering', isShown);
    if (isShown) {
      this.pane = new RenderingPane(this.strings, this.choice, {
        choose: (choice) => {
          this.choice = choice;
        },
      });
      this.planes.append(this.pane.root);
      this.pane.setCrosshair(this.crosshair);
      this.render();
    } else {
      this.making?.abort();
      this.pane?.close();
      this.pane?.root.remove();
      this.pane = undefined;
    }
  }

  /** The volume to render once all of it is here; undefined while it arrives. */
  setVolume(whole: WholeVolume | undefined): void {
    this.whole = whole;
    this.making?.abort();
    this.render();
  }

  /** Where the crosshair stands, in shares of the volume's extent. */
  setCrosshair(shares: readonly [number, number, number]): void {
    this.crosshair = shares;
    this.pane?.setCrosshair(shares);
  }

  private render(): void {
    const { pane, whole } = this;
    if (pane === undefined || whole === undefined) {
      return;
    }
    const { signal } = (this.making = new AbortController());
    renderedVolume(sourceOf(whole), undefined, signal)
      .then(async (rendered) => {
        // Closed, or another volume came, just now: a pane that is gone would open anew.
        if (!signal.aborted) {
          await pane.setVolume(rendered);
        }
      })
      .catch((error: unknown) => {
        if (!(error instanceof CancelledError)) {
          this.onError(error);
        }
      });
  }
}

/** The voxels along the stored axes nearest to the patient's: an oblique volume stays as it is stored. */
function sourceOf({ volume: { header, proxy }, field }: WholeVolume): VoxelSource {
  const { shape, spacingMm, start, strides } = orientedView(proxy?.header ?? header, 'LPS');
  const { slope, intercept } = field.encoding;
  return { shape, spacingMm, start, strides, stored: field.voxels, slope, intercept };
}
