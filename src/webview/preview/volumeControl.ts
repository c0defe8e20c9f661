import type { RescaleChoice } from '../../core/volume/rescale';
import type { VolumeFindings } from '../../core/volume/describe';
import type {
  Convention,
  PreviewStrings,
  PreviewVolume,
  VolumeSource,
} from '../../protocol/preview';
import { element } from '../shared/dom';
import { huBanner } from './huBanner';
import type { PlaneStage } from './planeStage';
import type { RenderingControl } from './renderingControl';
import type { StatusLine } from './statusLine';
import { VolumeFeed, type FeedHost } from './volumeFeed';

/** Where a volume is shown. */
export interface VolumeViews {
  readonly stage: PlaneStage;
  readonly rendering: RenderingControl;
  readonly status: StatusLine;
}

export interface VolumeActions {
  convention(): Convention;
  /** The volume is on the stage; its voxels arrive from now on. */
  onVolume(volume: PreviewVolume): void;
  /** All of it is there. */
  onFindings(findings: VolumeFindings): void;
  onError(source: VolumeSource, thrown: unknown): void;
  setRescale(choice: RescaleChoice): void;
}

/** What arrives is drawn this often at most, ms: drawing takes time that the arrival could use. */
const arrivalPaceMs = 300;
/** Of the time one part in so many at most is for drawing what arrives. */
const drawingPart = 4;

/** The volume that is looked at, the file's own or what a model gets of it: brings it on the stage. */
export class VolumeControl {
  readonly name = element('h1', { class: 'volume-name' });
  readonly banner = element('div', { class: 'banner' });
  /** What has come of it. */
  feed: VolumeFeed;
  private arrivalShown = 0;

  constructor(
    source: VolumeSource,
    private readonly strings: PreviewStrings,
    private readonly views: VolumeViews,
    private readonly host: FeedHost & { leave(source: VolumeSource): void },
    private readonly actions: VolumeActions,
  ) {
    this.feed = this.feedOf(source);
  }

  /** Looks at another source from now on. */
  async change(source: VolumeSource): Promise<void> {
    const left = this.feed.source;
    this.feed.letGo();
    if (left.kind === 'model') {
      this.host.leave(left);
    }
    this.feed = this.feedOf(source);
    await this.feed.open(false);
  }

  /** Lets the voxels go; the pictures stay. */
  letGo(): void {
    this.feed.letGo();
    this.views.stage.letGo();
    this.views.rendering.setVolume(undefined);
  }

  /** Says what holds for the volume as a whole, as it is shown. */
  tell(): void {
    const { stage, status } = this.views;
    const { volume } = this.feed;
    if (volume !== undefined && stage.geometry !== undefined) {
      status.showVolume(stage.geometry, volume, this.feed.findings?.info);
    }
  }

  private feedOf(source: VolumeSource): VolumeFeed {
    return new VolumeFeed(source, this.host, {
      onVolume: (volume) => {
        this.showVolume(volume);
      },
      onPiece: (share) => {
        const now = performance.now();
        const pace = Math.max(arrivalPaceMs, drawingPart * this.views.stage.drawMs);
        if (now - this.arrivalShown > pace) {
          this.arrivalShown = now;
          this.views.status.showLoading(share);
          this.showField(false);
        }
      },
      onWhole: (findings) => {
        this.showFindings(findings);
      },
      onError: (thrown) => {
        this.actions.onError(source, thrown);
      },
    });
  }

  private showVolume(volume: PreviewVolume): void {
    const { stage, rendering } = this.views;
    const { field } = this.feed;
    if (field !== undefined) {
      this.name.textContent = volume.fileName;
      this.banner.replaceChildren();
      rendering.setVolume(undefined);
      stage.setVolume(volume, field, this.actions.convention());
      this.tell();
      this.actions.onVolume(volume);
    }
  }

  private showField(isWhole: boolean): void {
    if (this.feed.field !== undefined) {
      this.views.stage.setField(this.feed.field, isWhole);
    }
  }

  private showFindings(findings: VolumeFindings): void {
    performance.mark('whole-volume');
    const { status, rendering } = this.views;
    status.showLoading(1);
    this.showField(true);
    const { volume, field, source } = this.feed;
    if (volume !== undefined && field !== undefined) {
      rendering.setVolume({ volume, field });
    }
    if (source.kind === 'file') {
      const current = volume?.rescale ?? 'auto';
      const banner = huBanner(findings.hu, current, this.strings.huBanner, (choice) => {
        this.actions.setRescale(choice);
      });
      this.banner.replaceChildren(...(banner ? [banner] : []));
    }
    this.tell();
    this.actions.onFindings(findings);
  }
}
