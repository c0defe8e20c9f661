import { readdirSync, readFileSync } from 'node:fs';

/** Each names drivers to use, software renderers among them. */
const driverVariables = ['VK_DRIVER_FILES', 'VK_ADD_DRIVER_FILES', 'VK_ICD_FILENAMES'] as const;

/**
 * Graphics devices of Linux in /dev: of Mesa's drivers, NVIDIA's on desktops and boards, Windows'
 * underneath WSL, ARM's, Qualcomm's and Imagination's.
 */
const graphicsDevice = /^(dri|nvidia\d+|nvhost|nvgpu|dxg|mali|kgsl|pvr)/;

/**
 * What WebGPU on Linux lacks for certain, in words; undefined where it may work. A try without
 * them would write to standard error.
 */
export function lackOfVulkan(): string | undefined {
  if (process.platform !== 'linux') {
    return undefined;
  }
  if (lacksLoader()) {
    return 'the Vulkan loader (libvulkan.so.1) is not installed';
  }
  const isNamed = driverVariables.some((name) => (process.env[name] ?? '') !== '');
  return isNamed || hasGraphicsDevice() ? undefined : 'there is no graphics device';
}

/** True where the dynamic linker's list of libraries is there and has no Vulkan loader. */
function lacksLoader(): boolean {
  try {
    return (
      process.env.LD_LIBRARY_PATH === undefined &&
      !readFileSync('/etc/ld.so.cache').includes('libvulkan.so.1')
    );
  } catch {
    return false;
  }
}

function hasGraphicsDevice(): boolean {
  try {
    return readdirSync('/dev').some((name) => graphicsDevice.test(name));
  } catch {
    return true;
  }
}
