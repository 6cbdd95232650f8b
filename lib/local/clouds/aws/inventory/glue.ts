import type { Job } from '@aws-sdk/client-glue';
import { CANARY } from '../accounts.ts';
import { byBusiness, type Kind } from './kind.ts';

export const jobs: Kind<Job> = {
  name: 'glue_job',
  global: false,
  count: byBusiness([0, 0, 1, 4]),
  make({ account, region, index, random }) {
    const name = `job-${index}`;
    const arn = `arn:aws:glue:${region}:${account.accountId}:job/${name}`;
    const item: Job = {
      Name: name,
      Description: CANARY,
      Role: `arn:aws:iam::${account.accountId}:role/glue`,
      CreatedOn: random.date(),
      LastModifiedOn: random.date(),
      ExecutionProperty: { MaxConcurrentRuns: 1 },
      Command: { Name: 'glueetl', ScriptLocation: `s3://${CANARY}/job.py`, PythonVersion: '3' },
      DefaultArguments: { '--password': CANARY },
      NonOverridableArguments: { '--token': CANARY },
      Connections: { Connections: ['warehouse'] },
      MaxRetries: 0,
      Timeout: 480,
      WorkerType: random.pick('G.1X', 'G.2X'),
      NumberOfWorkers: 2 + random.below(8),
      GlueVersion: '5.0',
      ExecutionClass: 'STANDARD',
      ...(random.chance(0.5) ? { SecurityConfiguration: 'encrypted' } : {}),
    };
    return { type: 'glue_job', arn, item };
  },
  alter: (item, turn) => ({ ...item, NumberOfWorkers: (item.NumberOfWorkers ?? 0) + turn }),
};
