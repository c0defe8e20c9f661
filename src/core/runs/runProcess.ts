import { readFileSync } from 'node:fs';
import { hostname, uptime } from 'node:os';
import type { RunProcess } from '../run';

/** This process, for the run that it trains. */
export function thisProcess(): RunProcess {
  const started = new Date(Date.now() - 1000 * process.uptime()).toISOString();
  return { pid: process.pid, host: hostname(), started };
}

/** True where the process is known to have ended; of another machine's nothing is known. */
export function hasEnded({ pid, host, started }: RunProcess): boolean {
  if (host !== hostname()) {
    return false;
  }
  if (started !== undefined && Date.parse(started) < bootTime() - clockErrorMs) {
    // Its number may be another's since.
    return true;
  }
  try {
    // Signal 0 only asks.
    process.kill(pid, 0);
    return isDefunct(pid);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

/** Clocks are set right by this much while a machine starts, as a rule; nothing starts so fast. */
const clockErrorMs = 60_000;

/** When this machine was started. */
function bootTime(): number {
  return Date.now() - 1000 * uptime();
}

/** Killed, but kept in Linux's table because its parent never asked: usual in containers. */
function isDefunct(pid: number): boolean {
  try {
    // "PID (name) STATE ...", where the name may hold anything.
    const status = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return /^\s*Z/.test(status.slice(status.lastIndexOf(')') + 1));
  } catch {
    return false;
  }
}

/** True where another process of this machine, known to be alive, trains the run. */
export function isTrainedElsewhere(trainer: RunProcess | undefined): trainer is RunProcess {
  return trainer?.host === hostname() && trainer.pid !== process.pid && !hasEnded(trainer);
}
