/**
 * Milliseconds of this thread's CPU that something takes: what is bounded where the contract bounds our own work. Other
 * processes on the machine, which a wall clock would count too, are not in it.
 */
export function cpuMs(work: () => void): number {
  const before = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1000;
}
