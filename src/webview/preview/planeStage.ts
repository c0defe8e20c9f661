import { planeLayouts, planes } from '../../core/volume/slices';
import type { Slab } from '../../core/volume/slab';
import type { VoxelField } from '../../core/volume/voxelField';
import type { HuWindow, Plane } from '../../core/volume/types';
import type { Convention, Layout, PreviewStrings, PreviewVolume } from '../../protocol/preview';
import type { PreviewSlice } from '../../protocol/preview';
import { element, oncePerFrame } from '../shared/dom';
import { Windowing } from '../shared/windowing';
import { Geometry, type Position } from './geometry';
import type { Measurement } from './measurements';
import { tintOf, type Overlay } from './overlays';
import type { PreviewTool } from '../../protocol/preview';
import { FineSlices, isFinal, pictureOf, type ShownPicture } from './pictureSource';
import { PlanePane, type PaneActions } from './planePane';
import type { SlabSetting } from './viewState';
import type { VoxelReading } from './statusLine';

/** What the stage asks of the viewer. */
export interface StageActions {
  readonly tool: () => PreviewTool;
  setWindow(window: HuWindow): void;
  moveTo(position: Position): void;
  maximise(plane: Plane): void;
  measure(measurement: Measurement, isDone: boolean): void;
  /** What stands under the pointer or the crosshair is another voxel, or has another value. */
  onReading(): void;
  /** The first picture of a volume is on screen. */
  onFirstPicture(): void;
  loadSlice(plane: Plane, index: number, signal: AbortSignal): Promise<PreviewSlice | null>;
  onError(thrown: unknown): void;
}

/** A volume on the stage. */
interface Shown {
  readonly volume: PreviewVolume;
  readonly geometry: Geometry;
  /** Undefined while its voxels are let go. */
  field: VoxelField | undefined;
}

/** The picture that a plane shows. */
interface DrawnPlane {
  /** Slice and slab. */
  readonly key: string;
  readonly version: number;
  /** Whether it stays as it is, whatever of the volume arrives after it. */
  readonly isComplete: boolean;
}

/** The planes of one volume, drawn from what has arrived of it. */
export class PlaneStage {
  readonly root: HTMLElement;
  readonly panes: ReadonlyMap<Plane, PlanePane>;
  activePlane: Plane = 'axial';
  position: Position = [0, 0, 0];
  /** How long the last drawing took, ms. */
  drawMs = 0;
  private readonly fine: FineSlices;
  private shown: Shown | undefined;
  private windowing: Windowing;
  private slab: SlabSetting = { projection: 'off', thicknessMm: 0 };
  private layout: Layout = 'all';
  private overlay: Overlay | undefined;
  private opacity = 0.5;
  private isFirstDrawn = false;
  /** What each plane shows, so that only what changes is drawn. */
  private readonly drawn = new Map<Plane, DrawnPlane>();
  /** Raised when pictures made before are of other voxels. */
  private version = 0;
  /** The voxel under the pointer, and the plane it is seen in. */
  private pointed: { position: Position; plane: Plane } | undefined;
  private readonly drawSoon: () => void;
  private readonly repaintSoon: () => void;

  constructor(
    strings: PreviewStrings,
    private window: HuWindow,
    private readonly actions: StageActions,
  ) {
    this.windowing = new Windowing(window);
    this.panes = new Map(
      planes.map((plane) => [plane, new PlanePane(plane, strings, this.paneActions(plane))]),
    );
    this.fine = new FineSlices(
      (plane, index, signal) => actions.loadSlice(plane, index, signal),
      (picture) => {
        this.drawFine(picture);
      },
      (thrown) => {
        actions.onError(thrown);
      },
    );
    this.drawSoon = oncePerFrame(() => {
      this.draw();
    });
    this.repaintSoon = oncePerFrame(() => {
      this.visiblePanes().forEach((pane) => {
        pane.redraw(this.windowing);
      });
    });
    this.root = element(
      'div',
      { class: 'planes' },
      ...[...this.panes.values()].map(({ root }) => root),
    );
  }

  get geometry(): Geometry | undefined {
    return this.shown?.geometry;
  }

  /** Shows a volume of which nothing has arrived yet. */
  setVolume(volume: PreviewVolume, field: VoxelField, convention: Convention): void {
    this.shown = { volume, field, geometry: new Geometry(volume.header, convention) };
    this.isFirstDrawn = false;
    this.version++;
    this.drawn.clear();
    this.fine.forget();
    this.applyGeometry();
  }

  setConvention(convention: Convention): void {
    if (this.shown !== undefined && this.shown.geometry.convention !== convention) {
      const { volume, field } = this.shown;
      this.shown = { volume, field, geometry: new Geometry(volume.header, convention) };
      this.applyGeometry();
    }
  }

  /** More of the volume has arrived, or all of it. */
  setField(field: VoxelField, isWhole: boolean): void {
    if (this.shown !== undefined) {
      this.shown.field = field;
      this.version++;
      if (isWhole) {
        // A slice that could not be had while the file was read can be had now.
        this.fine.retry();
      }
      this.drawSoon();
    }
  }

  /** Lets the voxels go; the pictures stay until a volume is set. */
  letGo(): void {
    if (this.shown !== undefined) {
      this.shown.field = undefined;
    }
  }

  /** Moves the crosshair. */
  moveTo(position: Position): void {
    this.position = position;
    for (const pane of this.panes.values()) {
      pane.setPosition(position);
    }
    if (this.pointed !== undefined) {
      // The slice moved under a pointer that stands still.
      const { plane, position: before } = this.pointed;
      const next = [...before];
      const { through } = planeLayouts[plane];
      next[through] = position[through];
      const moved = this.geometry?.clamp(next);
      this.pointed = moved && { plane, position: moved };
    }
    this.drawSoon();
  }

  setWindow(window: HuWindow): void {
    this.window = window;
    this.windowing = new Windowing(window);
    this.repaintSoon();
  }

  setSlab(slab: SlabSetting): void {
    this.slab = slab;
    this.drawSoon();
  }

  setLayout(layout: Layout): void {
    this.layout = layout;
    this.root.dataset.layout = layout;
    if (layout !== 'all') {
      this.activePlane = layout;
    }
    this.drawSoon();
  }

  /** Lays something over the pictures; undefined takes it away. */
  setOverlay(overlay: Overlay | undefined, opacity: number): void {
    this.overlay = overlay;
    this.opacity = opacity;
    this.applyOverlay();
  }

  showMeasurements(measurements: readonly Measurement[]): void {
    for (const pane of this.panes.values()) {
      pane.showMeasurements(measurements);
    }
  }

  /** What stands under the pointer, or at the crosshair where there is none. */
  reading(): VoxelReading | undefined {
    if (this.geometry === undefined) {
      return undefined;
    }
    const position = this.pointed?.position ?? this.position;
    const plane = this.pointed?.plane ?? this.visiblePlane();
    return { hu: this.panes.get(plane)?.huAt(position), ...this.geometry.voxel(position) };
  }

  /** The panes that are on screen, in their order. */
  visiblePanes(): PlanePane[] {
    return [...this.panes.values()].filter(
      ({ plane }) => this.layout === 'all' || this.layout === plane,
    );
  }

  /** Shows every picture as a whole. */
  fit(): void {
    for (const pane of this.panes.values()) {
      pane.resetView();
    }
  }

  focus(): void {
    this.panes.get(this.visiblePlane())?.focus();
  }

  private visiblePlane(): Plane {
    return this.layout === 'all' ? 'axial' : this.layout;
  }

  private applyGeometry(): void {
    if (this.shown !== undefined) {
      for (const pane of this.panes.values()) {
        pane.setGeometry(this.shown.geometry);
      }
      this.applyOverlay();
      this.moveTo(this.shown.geometry.clamp(this.position));
    }
  }

  private applyOverlay(): void {
    const { overlay, geometry } = this;
    const tint = overlay && geometry && tintOf(overlay, geometry.grid);
    for (const pane of this.panes.values()) {
      pane.setTint(tint, this.opacity);
    }
    this.repaintSoon();
  }

  private draw(): void {
    const { volume, geometry, field } = this.shown ?? {};
    if (volume === undefined || geometry === undefined || field === undefined) {
      return;
    }
    const started = performance.now();
    const isCoarse = volume.proxy !== undefined;
    for (const pane of this.visiblePanes()) {
      const { plane } = pane;
      const index = geometry.sliceIndex(plane, this.position);
      const slab = this.slabFor(plane, geometry);
      const key = `${index} ${slab.projection} ${slab.slices}`;
      const last = this.drawn.get(plane);
      if (last?.key === key && (last.isComplete || last.version === this.version)) {
        continue;
      }
      const isFineWanted = isCoarse && slab.slices === 1 && geometry.grid.isAligned;
      const fine = isFineWanted ? this.fine.at(plane, index) : undefined;
      const picture = fine ?? pictureOf(field, plane, index, slab, isCoarse);
      if (picture === undefined) {
        continue;
      }
      let isDrawn = true;
      try {
        pane.draw(picture, this.windowing);
      } catch (error) {
        // The other planes can be drawn all the same.
        isDrawn = false;
        this.actions.onError(error);
      }
      this.drawn.set(plane, {
        key,
        version: this.version,
        isComplete: isDrawn && isFinal(picture, field, index, slab),
      });
      if (isFineWanted) {
        this.fine.want(plane, index);
      }
      if (plane === this.visiblePlane() && !this.isFirstDrawn) {
        this.isFirstDrawn = true;
        this.actions.onFirstPicture();
      }
    }
    this.drawMs = performance.now() - started;
    this.actions.onReading();
  }

  private drawFine(picture: ShownPicture): void {
    const { geometry } = this;
    const { plane, index } = picture;
    const isWanted = geometry?.sliceIndex(plane, this.position) === index;
    if (isWanted && this.slabFor(plane, geometry).slices === 1) {
      this.panes.get(plane)?.draw(picture, this.windowing);
      this.actions.onReading();
    }
  }

  private slabFor(plane: Plane, geometry: Geometry): Slab {
    const { projection, thicknessMm } = this.slab;
    return projection === 'off'
      ? { projection: 'maximum', slices: 1 }
      : { projection, slices: Math.max(1, Math.round(thicknessMm / geometry.stepMm(plane))) };
  }

  private paneActions(plane: Plane): PaneActions {
    const { actions } = this;
    return {
      tool: actions.tool,
      window: () => this.window,
      moveTo: (position) => {
        actions.moveTo(position);
      },
      setWindow: (window) => {
        actions.setWindow(window);
      },
      pointAt: (position) => {
        this.pointed = position === undefined ? undefined : { position, plane };
        actions.onReading();
      },
      activate: () => {
        this.activePlane = plane;
      },
      maximise: () => {
        actions.maximise(plane);
      },
      measure: (measurement, isDone) => {
        actions.measure(measurement, isDone);
      },
    };
  }
}
