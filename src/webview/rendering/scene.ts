import { brickEdge, bricksOf, distances, type Bricks } from './emptySpace';
import { levelCount, levelsOf, smoothed, transferTable } from './levels';
import { axesOf, type Orbit, type Vector } from './orbit';
import type { TransferFunction } from './presets';
import { fragmentShader, vertexShader } from './shaders';
import type { RenderedVolume } from './volume';

/** A plane in mm from the volume's centre; what lies on the side `towards` is taken away. */
export interface CutPlane {
  readonly point: Vector;
  /** A unit vector. */
  readonly towards: Vector;
}

/** Where the viewer looks: `centre` in mm from the volume's centre. */
export interface Look {
  readonly orbit: Orbit;
  readonly centre: Vector;
  /** Half the height of the picture, mm. */
  readonly halfHeightMm: number;
}

/** Units that the textures are bound to. */
const units = { volume: 0, smoothed: 1, emptiness: 2, transfer: 3 };
/** Slices this many times as thick as their pixels are smoothed across. */
const thickFrom = 1.8;

/** A volume on the graphics device: what is drawn of it, from where. */
export class Scene {
  private readonly program: WebGLProgram;
  private readonly places = new Map<string, WebGLUniformLocation | null>();
  private readonly textures: Readonly<Record<keyof typeof units, WebGLTexture>>;
  private volume: RenderedVolume = {
    shape: [1, 1, 1],
    spacingMm: [1, 1, 1],
    hu: new Int16Array(1),
  };
  private bricks: Bricks = bricksOf(this.volume);
  private cut: CutPlane | undefined;

  constructor(
    private readonly context: WebGL2RenderingContext,
    private transfer: TransferFunction,
  ) {
    this.program = programOf(context, vertexShader, fragmentShader(brickEdge));
    this.textures = {
      volume: context.createTexture(),
      smoothed: context.createTexture(),
      emptiness: context.createTexture(),
      transfer: context.createTexture(),
    };
    // Rows of levels are as long as they are.
    context.pixelStorei(context.UNPACK_ALIGNMENT, 1);
  }

  /** Extent of the volume, mm. */
  get sizeMm(): Vector {
    const { shape, spacingMm } = this.volume;
    return [shape[0] * spacingMm[0], shape[1] * spacingMm[1], shape[2] * spacingMm[2]];
  }

  setVolume(volume: RenderedVolume): void {
    this.volume = volume;
    this.bricks = bricksOf(volume);
    this.upload();
  }

  setTransferFunction(transfer: TransferFunction): void {
    this.transfer = transfer;
    this.upload();
  }

  setCut(cut: CutPlane | undefined): void {
    this.cut = cut;
  }

  /** Draws at once into the canvas, `width` x `height` pixels. */
  draw(look: Look, width: number, height: number): void {
    const { context } = this;
    const { canvas } = context;
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width;
      canvas.height = height;
    }
    context.viewport(0, 0, width, height);
    context.useProgram(this.program);
    this.setUniforms(look, width / height);
    context.drawArrays(context.TRIANGLES, 0, 3);
  }

  dispose(): void {
    for (const texture of Object.values(this.textures)) {
      this.context.deleteTexture(texture);
    }
    this.context.deleteProgram(this.program);
  }

  private setUniforms({ orbit, centre, halfHeightMm }: Look, aspect: number): void {
    const { context, transfer, cut } = this;
    const { toViewer, right, up } = axesOf(orbit);
    const { shape, spacingMm } = this.volume;
    const long = (axis: Vector, length: number): Vector => [
      axis[0] * length,
      axis[1] * length,
      axis[2] * length,
    ];
    const vectors: Readonly<Record<string, Vector>> = {
      sizeMm: this.sizeMm,
      shape,
      centre,
      toViewer,
      right: long(right, halfHeightMm * aspect),
      up: long(up, halfHeightMm),
      light: [transfer.light.ambient, transfer.light.diffuse, transfer.light.specular],
    };
    for (const [name, [x, y, z]] of Object.entries(vectors)) {
      context.uniform3f(this.place(name), x, y, z);
    }
    for (const [name, unit] of Object.entries(units)) {
      context.uniform1i(this.place(name), unit);
    }
    const [nx, ny, nz] = cut?.towards ?? [0, 0, 0];
    const [px, py, pz] = cut?.point ?? [0, 0, 0];
    context.uniform4f(this.place('cut'), nx, ny, nz, nx * px + ny * py + nz * pz);
    context.uniform1f(this.place('stepMm'), stepMm(spacingMm));
    const isThick = spacingMm[2] > thickFrom * Math.max(spacingMm[0], spacingMm[1]);
    context.uniform1f(this.place('thick'), isThick ? 1 : 0);
  }

  private place(name: string): WebGLUniformLocation | null {
    const known = this.places.get(name);
    if (known !== undefined) {
      return known;
    }
    const place = this.context.getUniformLocation(this.program, name);
    this.places.set(name, place);
    return place;
  }

  /** Brings what volume and transfer function make together to the device. */
  private upload(): void {
    const { context, volume, bricks, transfer } = this;
    this.bind3d('volume', context.LINEAR);
    const levels = levelsOf(volume.hu, transfer);
    this.write3d(volume.shape, levels);
    this.bind3d('smoothed', context.LINEAR);
    this.write3d(volume.shape, smoothed(levels, volume.shape));
    this.bind3d('emptiness', context.NEAREST);
    this.write3d(bricks.shape, distances(bricks, transfer));
    this.bind('transfer', context.TEXTURE_2D, context.LINEAR);
    const table = transferTable(transfer, stepMm(volume.spacingMm));
    const { TEXTURE_2D, RGBA16F, RGBA, FLOAT } = context;
    context.texImage2D(TEXTURE_2D, 0, RGBA16F, levelCount, 1, 0, RGBA, FLOAT, table);
  }

  private bind3d(name: keyof typeof units, filter: number): void {
    const { context } = this;
    this.bind(name, context.TEXTURE_3D, filter);
    context.texParameteri(context.TEXTURE_3D, context.TEXTURE_WRAP_R, context.CLAMP_TO_EDGE);
  }

  private bind(name: keyof typeof units, target: number, filter: number): void {
    const { context } = this;
    context.activeTexture(context.TEXTURE0 + units[name]);
    context.bindTexture(target, this.textures[name]);
    context.texParameteri(target, context.TEXTURE_MIN_FILTER, filter);
    context.texParameteri(target, context.TEXTURE_MAG_FILTER, filter);
    context.texParameteri(target, context.TEXTURE_WRAP_S, context.CLAMP_TO_EDGE);
    context.texParameteri(target, context.TEXTURE_WRAP_T, context.CLAMP_TO_EDGE);
  }

  private write3d([nx, ny, nz]: Vector, bytes: Uint8Array<ArrayBuffer>): void {
    const { context } = this;
    const { TEXTURE_3D, R8, RED, UNSIGNED_BYTE } = context;
    context.texImage3D(TEXTURE_3D, 0, R8, nx, ny, nz, 0, RED, UNSIGNED_BYTE, bytes);
  }
}

/** Between samples along a ray: a little more than half a voxel's shortest edge. */
function stepMm(spacingMm: Vector): number {
  return 0.6 * Math.min(...spacingMm);
}

function programOf(
  context: WebGL2RenderingContext,
  vertex: string,
  fragment: string,
): WebGLProgram {
  const program = context.createProgram();
  const shaders = [
    shaderOf(context, context.VERTEX_SHADER, vertex),
    shaderOf(context, context.FRAGMENT_SHADER, fragment),
  ];
  shaders.forEach((shader) => {
    context.attachShader(program, shader);
  });
  context.linkProgram(program);
  if (context.getProgramParameter(program, context.LINK_STATUS) !== true) {
    const log = [program, ...shaders].map((_, i) =>
      i === 0 ? context.getProgramInfoLog(program) : context.getShaderInfoLog(shaders[i - 1]),
    );
    throw new Error(`The shaders do not compile: ${log.join(' ')}`);
  }
  shaders.forEach((shader) => {
    context.deleteShader(shader);
  });
  return program;
}

function shaderOf(context: WebGL2RenderingContext, kind: number, text: string): WebGLShader {
  const shader = context.createShader(kind);
  if (shader === null) {
    throw new Error('The graphics device makes no shader.');
  }
  context.shaderSource(shader, text);
  context.compileShader(shader);
  return shader;
}
