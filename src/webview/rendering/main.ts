// The 3-D rendering: a script of its own, loaded by a page when a rendering is first asked for.
import { createVolumeRendering } from './volumeRendering';

globalThis.ctMcqaRendering = { createVolumeRendering };
