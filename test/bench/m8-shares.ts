import { capResource } from '../../functions/domain/cap-resource.ts';
import type { CloudSession } from '../../functions/domain/cloud.ts';
import { Digest, fingerprint, packResource } from '../../functions/domain/hashing.ts';
import type { ScanId } from '../../functions/domain/keys.ts';
import { Fresh } from '../../functions/domain/print-lookups.ts';
import { wordsOf } from '../../functions/domain/prints.ts';
import { contentWords } from '../../functions/domain/read-rows.ts';
import type { Resource } from '../../functions/domain/resource.ts';

/** What each step takes by itself, in the order of a scan, as a line of percentages. */
export async function shares(session: CloudSession, scans: readonly ScanId[]): Promise<string> {
  const read: Resource[] = [];
  const times: [string, number][] = [];
  const timed = async <T>(name: string, act: () => T | Promise<T>): Promise<T> => {
    await act();
    const before = process.cpuUsage();
    const result = await act();
    const { user, system } = process.cpuUsage(before);
    times.push([name, user + system]);
    return result;
  };
  await timed('parse and map', async () => {
    read.length = 0;
    for (const { collector, scope } of scans) read.push(...(await everything(session, collector, scope)));
  });
  const capped = await timed('cap', () => read.map(capResource));
  const prints = await timed('fingerprint', () => capped.map(fingerprint));
  await timed('compare', () => {
    const fresh = new Fresh();
    const digest = new Digest();
    for (const print of prints) {
      const id = wordsOf(print.id);
      if (fresh.find(...id) < 0) fresh.put(...id, ...contentWords(print.content));
      digest.add(print);
    }
  });
  await timed('encode', () => capped.map((resource) => packResource(resource, [])));
  const total = times.reduce((sum, [, time]) => sum + time, 0);
  const each = (time: number): string => `${((time / capped.length) * 1).toFixed(1)} µs`;
  return times.map(([name, time]) => `${name} ${Math.round((time / total) * 100)} % (${each(time)})`).join(', ');
}

async function everything(session: CloudSession, name: string, scope: string): Promise<readonly Resource[]> {
  const collector = await session.collector(name, scope);
  const all: Resource[] = [];
  let token: string | undefined;
  do {
    const page = await collector.page(token);
    all.push(...page.resources);
    for (const detail of page.details) all.push(...(await detail()));
    token = page.next;
  } while (token !== undefined);
  return all;
}
