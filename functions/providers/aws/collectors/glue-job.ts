import { GetJobsCommand, GlueClient } from '@aws-sdk/client-glue';
import * as z from 'zod';
import type { CollectorFacts } from '../../../domain/cloud.ts';
import { awsCollector, fields, time } from '../collector.ts';

export const facts = {
  name: 'glue_job',
  service: 'glue',
  scope: 'region',
  types: ['glue_job'],
  permissions: ['glue:GetJobs'],
} as const satisfies CollectorFacts;

/** A tenth of what Glue takes: a visual job carries its whole graph, and a page has to fit into memory. */
const PAGE = 100;

/** Arguments and scripts are not named here. @see https://docs.aws.amazon.com/glue/latest/webapi/API_GetJobs.html */
export const collector = /* @__PURE__ */ awsCollector(facts, () => ({
  item: z.object({
    Name: z.string(),
    Role: z.string().optional(),
    GlueVersion: z.string().optional(),
    Command: z.object({ Name: z.string().optional(), PythonVersion: z.string().optional() }).optional(),
    WorkerType: z.string().optional(),
    NumberOfWorkers: z.number().optional(),
    MaxCapacity: z.number().optional(),
    Timeout: z.number().optional(),
    ExecutionClass: z.string().optional(),
    SecurityConfiguration: z.string().optional(),
    Connections: z.object({ Connections: z.array(z.string()).optional() }).optional(),
    CreatedOn: z.date().optional(),
    LastModifiedOn: z.date().optional(),
  }),
  async page(aws, token) {
    const answer = await aws.client(GlueClient).send(new GetJobsCommand({ MaxResults: PAGE, NextToken: token }));
    return { items: answer.Jobs, next: answer.NextToken };
  },
  toResource: (item, { account, partition, region }) => ({
    external_id: `arn:${partition}:glue:${region}:${account}:job/${item.Name}`,
    name: item.Name,
    region,
    status: 'active',
    tags: {},
    ...time(item.CreatedOn),
    configuration: fields({
      role: item.Role,
      engine: item.Command?.Name,
      glue_version: item.GlueVersion,
      python_version: item.Command?.PythonVersion,
      worker_type: item.WorkerType,
      workers: item.NumberOfWorkers,
      max_capacity: item.MaxCapacity,
      timeout_minutes: item.Timeout,
      execution_class: item.ExecutionClass,
      connections: item.Connections?.Connections,
      encrypted: 'unknown',
      encrypted_reason: 'the list of jobs names the security configuration, not what it says',
      security_configuration: item.SecurityConfiguration,
      last_modified: item.LastModifiedOn?.toISOString(),
    }),
  }),
}));
