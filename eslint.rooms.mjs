// @ts-check
/**
 * The architecture as a lint rule: which room under src/ may import which other rooms,
 * and which packages belong to one room alone. See ARCHITECTURE.md.
 */

/** room -> rooms it may import (itself always). */
const mayImport = {
  core: [],
  graph: ['core'],
  networks: ['graph', 'core'],
  engine: ['networks', 'graph', 'core'],
  protocol: ['core'],
  worker: ['protocol', 'engine', 'core'],
  cli: ['engine', 'protocol', 'core'],
  extension: ['protocol', 'core'],
  webview: ['protocol', 'core'],
};

/** package -> the rooms that may import it; elsewhere under src/ it is an error. */
const packageHomes = {
  vscode: ['extension'],
  'onnxruntime-node': ['engine'],
  'onnxruntime-common': ['engine'],
  'nifti-reader-js': ['core'],
  '@huggingface/tokenizers': ['core'],
  'csv-parse': ['core'],
  protobufjs: ['graph'],
  'vscode-jsonrpc': ['protocol', 'worker', 'extension'],
  commander: ['cli'],
};

const rooms = Object.keys(mayImport);

export const roomBorders = rooms.map((room) => {
  const closedRooms = rooms.filter((other) => other !== room && !mayImport[room].includes(other));
  const closedPackages = Object.keys(packageHomes).filter(
    (name) => !packageHomes[name].includes(room),
  );
  return {
    files: [`src/${room}/**/*.ts`],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: `^(\\.\\./)+(${closedRooms.join('|')})(/|$)`,
              message: `src/${room} may import only: ${[...mayImport[room], room].join(', ')} (eslint.rooms.mjs).`,
            },
            {
              regex: `^(${closedPackages.map((name) => name.replaceAll('/', '\\/')).join('|')})(/|$)`,
              message: `this package does not belong in src/${room} (eslint.rooms.mjs).`,
            },
          ],
        },
      ],
    },
  };
});
