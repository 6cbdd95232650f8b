import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { collectorsOf } from '../../functions/providers/registered.ts';
import { ec2 } from '../../lib/local/clouds/aws/services/ec2.ts';
import { DirectAws } from './direct-aws.ts';
import type { peakSchema } from './m7-memory.ts';
import { FiledTable } from './rig/filed-table.ts';
import { Rig, type RigSync, START } from './rig/rig.ts';
import { timedSession } from './rig/timed-session.ts';

// Entry of a process that syncs one scan of so many volumes once, and prints its peak of memory. The table is in a
// folder, where the process with the sync before has left it.

const [what, resources, folder] = z
  .tuple([z.enum(['first', 'unchanged']), z.coerce.number(), z.string()])
  .parse(process.argv.slice(2));
const REGION = 'af-south-1';
const MB = 2 ** 20;
const CALL_MS = 100;
const LATER_MS = 6 * 3_600_000;

const collectors = collectorsOf('aws').filter(({ name }) => name === 'ebs_volume');
// A region in which the sample has none of its own.
const aws = new DirectAws([ec2], { add: [{ type: 'ebs_volume', region: REGION, count: resources }] }, false);
await aws.collector('ebs_volume', REGION);

let heap = 0;
const store = new FiledTable(folder);
const rig = new Rig({
  store,
  from: what === 'first' ? START : START + LATER_MS,
  collectors,
  scopes: { byKind: { region: [REGION] } },
  scopesMs: CALL_MS,
  session: (clock) => {
    const session = timedSession(aws, clock, CALL_MS, () => undefined);
    return { ...session, collector: (name, scope) => sampled(session.collector(name, scope)) };
  },
  // Rows are not read back where nothing changes; the first time there are none to be read.
  keeps: ({ pk }) => !pk.includes('#R#'),
});

async function sampled(opening: ReturnType<typeof aws.collector>): ReturnType<typeof aws.collector> {
  const collector = await opening;
  return {
    ...collector,
    async page(token) {
      const { heapUsed, external } = process.memoryUsage();
      heap = Math.max(heap, heapUsed + external);
      return collector.page(token);
    },
  };
}

/** Linux gives `maxRSS` of who started the process where that was larger: its own peak is in /proc. */
function peakRssKb(): number {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS;
  return z.coerce.number().parse(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]);
}

function linksOf({ meters }: RigSync): number {
  return meters.invocations.filter(({ stage }) => stage === 'collectTask').length;
}

const sync = await rig.sync();
const { found = 0, created = 0 } = sync.job.totals ?? {};
const isRight = found === resources && created === (what === 'first' ? resources : 0);
if (!isRight) throw new Error(`${found} resources were found and ${created} made, of ${resources}.`);
if (what === 'first') store.save();
const peak: z.infer<typeof peakSchema> = {
  rssMb: peakRssKb() / 1024,
  heapMb: heap / MB,
  resources: found,
  links: linksOf(sync),
  invocations: sync.meters.invocations.length,
};
console.log(JSON.stringify(peak));
