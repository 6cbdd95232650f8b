import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Another twin runs on this state. */
export class LockedError extends Error {
  override readonly name = 'LockedError';
}

/**
 * Claims a state directory for this process: two twins on one table would each believe that they are alone.
 * @returns how to give it back. A lock whose process is dead, as after `kill -9`, is taken over.
 * @throws LockedError
 */
export function lockDirectory(directory: string): () => void {
  const file = join(directory, 'lock');
  const draft = `${file}.${process.pid}`;
  for (;;) {
    // Linked, not written: so nobody ever sees a lock that does not say yet whose it is.
    writeFileSync(draft, String(process.pid));
    try {
      linkSync(draft, file);
      return () => rmSync(file, { force: true });
    } catch (error) {
      if (!hasCode(error, 'EEXIST')) throw error;
    } finally {
      rmSync(draft, { force: true });
    }
    const pid = Number(holder(file));
    if (isAlive(pid)) throw new LockedError(`The state in ${directory} is in use by process ${pid} (see ${file}).`);
    rmSync(file, { force: true });
  }
}

function holder(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return '';
    throw error;
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return hasCode(error, 'EPERM');
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
