import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { startSampleAws } from '../../lib/local/clouds/aws/sample-aws.ts';
import { settingsOf, startSampleClouds } from '../../lib/local/clouds/registered.ts';
import type { SampleCloud } from '../../lib/local/clouds/sample-cloud.ts';
import type { TwinOptions } from '../../lib/local/twin.ts';
import { type Deployment, startDeployment } from './deployment.ts';
import { testKnobs } from './knobs.ts';

/** The stack next to every sample cloud. */
export interface CloudsDeployment extends Deployment {
  readonly clouds: readonly SampleCloud[];
  cloud(name: string): SampleCloud;
  /** Connects a cloud's main account, waits for its first sync, and returns the provider's id. */
  connected(name: string, tenant: string): Promise<number>;
}

const made = z.object({ id: z.number() });

/** @param more deployment settings and options of the twin over those that the sample clouds take. */
export async function startCloudsDeployment(more: Partial<TwinOptions> = {}): Promise<CloudsDeployment> {
  const keys = mkdtempSync(join(tmpdir(), 'infraaudit-clouds-'));
  const clouds = await startSampleClouds({ directory: keys });
  for (const cloud of clouds) if (cloud.name === 'aws') cloud.turn({ regions: testKnobs.regions });
  const context = { ...settingsOf(clouds), ...more.context };
  // The deployment has a sample AWS of its own, which nobody is sent to here.
  const aws = await startSampleAws();
  const deployment = await startDeployment({ aws, twin: { ...more, context } });
  const cloud = (name: string): SampleCloud => {
    const found = clouds.find((one) => one.name === name);
    if (found === undefined) throw new TypeError(`There is no sample ${name}.`);
    return found;
  };
  return {
    ...deployment,
    clouds,
    cloud,
    async connected(name, tenant) {
      const body = { name: `${name} account`, ...cloud(name).bodies.main };
      const answer = await deployment.call('POST', `/${name}/connect`, { body, claims: { tenant } });
      if (answer.status !== 201) throw new Error(`connect answered ${answer.status}: ${answer.text}`);
      await deployment.twin.idle();
      return made.parse(answer.json).id;
    },
    async stop() {
      await deployment.stop();
      await Promise.all([aws.close(), ...clouds.map((one) => one.close())]);
      rmSync(keys, { recursive: true, force: true });
    },
  };
}
