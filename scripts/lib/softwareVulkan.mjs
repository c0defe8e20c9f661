// A GPU for tests where there is none: SwiftShader, which every Chromium brings along.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where the packages of Debian, Fedora and Google put it. */
const folders = ['/usr/lib/chromium', '/usr/lib64/chromium-browser', '/opt/google/chrome'];
const driver = 'vk_swiftshader_icd.json';
const loader = 'libvulkan.so.1';

/**
 * The environment in which onnxruntime finds a WebGPU device: the drivers that the caller's own
 * environment names, else SwiftShader's. Or, as `missing`, why there is none.
 */
export function softwareVulkan(environment = process.env) {
  if (process.platform !== 'linux') {
    return { missing: `the tests bring a software GPU on Linux only, this is ${process.platform}` };
  }
  if (environment.VK_DRIVER_FILES !== undefined || environment.VK_ICD_FILENAMES !== undefined) {
    return { env: {} };
  }
  const folder = folders.find((path) => existsSync(join(path, driver)));
  if (folder === undefined) {
    return { missing: `no SwiftShader was found (${driver} of Debian's chromium package)` };
  }
  if (!hasLoader() && !existsSync(join(folder, loader))) {
    return { missing: `the Vulkan loader (${loader}) is not installed` };
  }
  const file = join(folder, driver);
  // VK_ICD_FILENAMES is what loaders before 1.3.207 read. The system's own loader comes first.
  const libraries = hasLoader()
    ? {}
    : { LD_LIBRARY_PATH: [environment.LD_LIBRARY_PATH, folder].filter(Boolean).join(':') };
  return { env: { VK_DRIVER_FILES: file, VK_ICD_FILENAMES: file, ...libraries } };
}

function hasLoader() {
  return (
    existsSync('/etc/ld.so.cache') && readFileSync('/etc/ld.so.cache', 'latin1').includes(loader)
  );
}
