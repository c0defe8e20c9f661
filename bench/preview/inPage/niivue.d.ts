/** What is used of the peer, which is installed only where the benchmark runs. */
declare module '@niivue/niivue' {
  export const NVImage: { loadFromUrl(options: { readonly url: string }): Promise<unknown> };

  export class Niivue {
    constructor(options: { readonly logLevel: string });
    readonly gl: WebGL2RenderingContext;
    readonly sliceTypeAxial: number;
    attachToCanvas(canvas: HTMLCanvasElement): Promise<this>;
    setSliceType(type: number): this;
    loadVolumes(
      volumes: readonly {
        readonly url: string;
        readonly cal_min: number;
        readonly cal_max: number;
      }[],
    ): Promise<this>;
    drawScene(): void;
  }
}
