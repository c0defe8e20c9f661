import { copyPicture, pictureOfPanes } from './pictureExport';
import type { PlaneStage } from './planeStage';

/** Takes what the planes show elsewhere: to the clipboard, or into a file. */
export class PictureControl {
  constructor(
    private readonly stage: PlaneStage,
    private readonly write: (png: Uint8Array<ArrayBuffer>, name: string) => Promise<unknown>,
  ) {}

  async copy(): Promise<void> {
    await copyPicture(pictureOfPanes(this.stage.visiblePanes()));
  }

  /** Asks where to, and saves under the name of the volume's file at first. */
  async save(volumeName = 'ct'): Promise<void> {
    const picture = await pictureOfPanes(this.stage.visiblePanes());
    const png = new Uint8Array(await picture.arrayBuffer());
    await this.write(png, `${volumeName.replace(/\.nii(\.gz)?$/i, '')}.png`);
  }
}
