import * as z from 'zod';
import { collectorsOf } from '../../functions/providers/registered.ts';
import { ec2 } from '../../lib/local/clouds/aws/services/ec2.ts';
import { DirectAws } from './direct-aws.ts';
import type { peakSchema } from './m7-memory.ts';
import { FiledTable } from './rig/filed-table.ts';
import { Rig, type RigSync } from './rig/rig.ts';
import { timedSession } from './rig/timed-session.ts';

// Entry of a process that syncs one scan of so many volumes and prints its peak of memory.

const [what, resources] = z.tuple([z.enum(['first', 'unchanged']), z.coerce.number()]).parse(process.argv.slice(2));
const REGION = 'af-south-1';
const MB = 2 ** 20;
const CALL_MS = 100;

const collectors = collectorsOf('aws').filter(({ name }) => name === 'ebs_volume');
// A region in which the sample has none of its own.
const aws = new DirectAws([ec2], { add: [{ type: 'ebs_volume', region: REGION, count: resources }] }, false);
await aws.collector('ebs_volume', REGION);

let heap = 0;
const store = new FiledTable();
const rig = new Rig({
  store,
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

function linksOf({ meters }: RigSync): number {
  return meters.invocations.filter(({ stage }) => stage === 'collectTask').length;
}

let sync = await rig.sync();
if (what === 'unchanged') sync = await rig.sync();
store.close();
const found = sync.job.totals?.found ?? 0;
if (found !== resources) throw new Error(`${found} resources were found, not ${resources}.`);
const peak: z.infer<typeof peakSchema> = {
  rssMb: process.resourceUsage().maxRSS / 1024,
  heapMb: heap / MB,
  resources: found,
  links: linksOf(sync),
  invocations: sync.meters.invocations.length,
};
console.log(JSON.stringify(peak));
