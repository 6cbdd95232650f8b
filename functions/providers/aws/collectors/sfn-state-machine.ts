import { ListStateMachinesCommand, SFNClient } from '@aws-sdk/client-sfn';
import * as z from 'zod';
import type { CollectorFacts } from '../../../domain/cloud.ts';
import { awsCollector, fields, time } from '../collector.ts';

export const facts = {
  name: 'sfn_state_machine',
  service: 'states',
  scope: 'region',
  types: ['sfn_state_machine'],
  permissions: ['states:ListStateMachines'],
} as const satisfies CollectorFacts;

/** @see https://docs.aws.amazon.com/step-functions/latest/apireference/API_ListStateMachines.html */
export const collector = /* @__PURE__ */ awsCollector(facts, () => ({
  item: z.object({
    stateMachineArn: z.string(),
    name: z.string(),
    type: z.string().optional(),
    creationDate: z.date().optional(),
  }),
  async page(aws, token) {
    const command = new ListStateMachinesCommand({ maxResults: 1000, nextToken: token });
    const answer = await aws.client(SFNClient).send(command);
    return { items: answer.stateMachines, next: answer.nextToken };
  },
  toResource: (item, { region }) => ({
    external_id: item.stateMachineArn,
    name: item.name,
    region,
    status: 'active',
    tags: {},
    ...time(item.creationDate),
    configuration: fields({
      workflow_type: item.type,
      logging: 'unknown',
      logging_reason: 'the list of state machines does not say',
      encryption_key: 'unknown',
      encryption_key_reason: 'the list of state machines does not say',
    }),
  }),
}));
