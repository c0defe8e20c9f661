/** What `ct-mcqa` ends with; scripts rely on these. */
export const exitCodes = {
  done: 0,
  /** The command ran, and the data has errors. */
  dataHasErrors: 1,
  /** The command could not run; message, cause and remedy are on stderr. */
  couldNotRun: 2,
  /** Asked to stop, as by Ctrl-C (128 + SIGINT); nothing half-written. */
  cancelled: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
