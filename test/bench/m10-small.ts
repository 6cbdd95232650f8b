import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import * as z from 'zod';
import { collectorsOf } from '../../functions/providers/registered.ts';
import { type Knobs, MAIN_ACCOUNT, type SampleAws, startSampleAws } from '../../lib/local/clouds/aws/sample-aws.ts';
import { services } from '../../lib/local/clouds/aws/services/registered.ts';
import { type Deployment, startDeployment } from '../support/deployment.ts';
import { type PoolAnswer, poolAnswer } from './m10-messages.ts';
import { type Bench, type Measure, percentile } from './measure.ts';
import { resourcesOf } from './sample-sizes.ts';

const REGIONS = ['us-east-1', 'eu-west-1', 'us-west-2'];
const LATENCY_MS = 100;
const RESOURCES = 353;
/** All that a small account has; every other type is listed by both, and there is none of it. */
const TYPES: readonly string[] = [
  'ec2_instance',
  's3_bucket',
  'rds_instance',
  'rds_cluster',
  'lambda_function',
  'cloudfront_distribution',
  'vpc',
  'security_group',
  'subnet',
  'ebs_volume',
  'iam_role',
  'iam_user',
  'dynamodb_table',
];
const MORE_TABLES = 75;
const ROUNDS = 5;
const QUICK_ROUNDS = 3;

/** A small account's whole first sync through the twin, next to a plain pool over the same SDK that stores nothing. */
export const small: Bench = {
  id: 'M10',
  title: "a small account's whole sync next to a plain pool that stores nothing",
  quick: false,
  async run(progress, { quick }) {
    const aws = await startSampleAws({ knobs: { regions: REGIONS, latencyMs: LATENCY_MS } });
    aws.knobs({ drop: allBut(aws, TYPES) });
    // Filled up to the number by more of the cheapest to list.
    const fill = RESOURCES - resourcesOf(aws);
    if (fill < 0) throw new RangeError(`The sample holds ${-fill} resources too many.`);
    const add: Knobs['add'] = [{ type: 'ebs_volume', region: 'us-east-1', count: fill }];
    const deployment = await startDeployment({ aws });
    const pool = startPool(aws);
    try {
      const rounds = quick ? QUICK_ROUNDS : ROUNDS;
      aws.knobs({ add });
      const plain = await compared(deployment, pool, rounds, 'plain', progress);
      aws.knobs({ add: [...add, { type: 'dynamodb_table', region: 'us-east-1', count: MORE_TABLES }] });
      const more = await compared(deployment, pool, rounds, 'tables', progress);
      return [
        measureOf(`${RESOURCES} resources`, plain, 1, 0.7),
        measureOf(`${MORE_TABLES} more tables in one region`, more, 0.5, 0.2),
      ];
    } finally {
      await pool.terminate();
      await deployment.stop();
      await aws.close();
    }
  },
};

/** Takes every other type out of the account. */
function allBut(aws: SampleAws, types: readonly string[]): Knobs['drop'] {
  return Object.entries(aws.counts(MAIN_ACCOUNT.accountId))
    .filter(([type]) => !types.includes(type))
    .flatMap(([type, regions]) =>
      Object.entries(regions).flatMap(([region, count]) =>
        Array.from({ length: count }, (_, index) => ({ type, region, index })),
      ),
    );
}

function startPool({ url }: SampleAws): Worker {
  const { accountId: account, accessKeyId, secretAccessKey } = MAIN_ACCOUNT;
  return new Worker(new URL('./m10-pool.ts', import.meta.url), {
    workerData: { url, regions: REGIONS, account, credentials: { accessKeyId, secretAccessKey } },
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
}

interface Compared {
  readonly ours: readonly number[];
  readonly pool: readonly number[];
  readonly resources: number;
}

/** Rounds until workers, connections and compiled code of both are warm; they do not count. */
const WARM_UP = 4;

/** The two in turn. */
async function compared(
  deployment: Deployment,
  pool: Worker,
  rounds: number,
  name: string,
  progress: (line: string) => void,
): Promise<Compared> {
  const ours: number[] = [];
  const plain: number[] = [];
  let resources = 0;
  for (let round = 0; round < rounds + WARM_UP; round += 1) {
    const one = await pooled(pool);
    const milliseconds = await synced(deployment, `${name}-${round}`, one.resources);
    resources = one.resources;
    if (round < WARM_UP) continue;
    plain.push(one.milliseconds);
    ours.push(milliseconds);
    progress(`${resources} resources: ours ${Math.round(milliseconds)} ms, pool ${Math.round(one.milliseconds)} ms`);
  }
  return { ours, pool: plain, resources };
}

async function pooled(pool: Worker): Promise<PoolAnswer> {
  const answer = once(pool, 'message');
  pool.postMessage('run');
  const [message]: unknown[] = await answer;
  return poolAnswer.parse(message);
}

const providerSchema = z.object({ status: z.string(), resource_count: z.number(), complete: z.boolean() });

/**
 * A tenant's first sync that reads anything: it connects while the account refuses everything, so that the sync which
 * is measured begins by a request and finds nothing stored.
 */
async function synced(deployment: Deployment, tenant: string, resources: number): Promise<number> {
  const claims = { claims: { tenant } };
  const { aws, twin } = deployment;
  // Denied by the name of no service at all but those of collectors: connect itself proves the key.
  aws.knobs({ latencyMs: 0, deny: COLLECTED.map((service) => ({ service })) });
  const id = await deployment.connect(claims);
  await twin.idle();
  aws.knobs({ latencyMs: LATENCY_MS, deny: [] });
  const began = performance.now();
  const answer = await deployment.call('POST', `/${id}/sync`, claims);
  if (answer.status !== 202) throw new Error(`sync answered ${answer.status}: ${answer.text}`);
  await twin.idle();
  const milliseconds = performance.now() - began;
  const row = providerSchema.parse((await deployment.call('GET', `/${id}`, claims)).json);
  const isWhole = row.status === 'synced' && row.complete && row.resource_count === resources;
  if (!isWhole) throw new Error(`The provider is ${row.status} with ${row.resource_count} of ${resources} resources.`);
  return milliseconds;
}

const COLLECTED = services.map(({ name }) => name).filter((name) => name !== 'sts');

function measureOf(name: string, { ours, pool, resources }: Compared, must: number, aim: number): Measure {
  const [mine, theirs] = [percentile(ours, 0.5), percentile(pool, 0.5)];
  const list = (all: readonly number[]): string => all.map((one) => Math.round(one).toLocaleString('en')).join(', ');
  return {
    id: 'M10',
    name: `whole first sync, stored ÷ plain pool that stores nothing, ${name}`,
    value: mine / theirs,
    must,
    aim,
    note: `${resources} resources of ${TYPES.length} types in ${REGIONS.length} regions, ${collectorsOf('aws').flatMap(({ types }) => types).length} types looked for, at ${LATENCY_MS} ms a call; medians of ${ours.length} in turn on the real clock: ours ${list(ours)} ms from the request until the twin is idle, workers warm; pool of 32 over the same clients in a thread of its own ${list(pool)} ms`,
  };
}
