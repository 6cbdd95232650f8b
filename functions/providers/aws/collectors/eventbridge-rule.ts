import {
  EventBridgeClient,
  ListEventBusesCommand,
  ListRulesCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-eventbridge';
import * as z from 'zod';
import type { CollectorFacts } from '../../../domain/cloud.ts';
import { type AwsAccess, awsCollector, fields } from '../collector.ts';
import { pagesWithin } from '../nested.ts';
import { UnexpectedAnswerError } from '../outcomes.ts';

export const facts = {
  name: 'eventbridge_rule',
  service: 'events',
  scope: 'region',
  types: ['eventbridge_rule'],
  permissions: ['events:ListEventBuses', 'events:ListRules'],
} as const satisfies CollectorFacts;

async function listBuses(aws: AwsAccess, token: string | undefined) {
  const command = new ListEventBusesCommand({ Limit: 100, NextToken: token });
  const { EventBuses = [], NextToken: next } = await aws.client(EventBridgeClient).send(command);
  const items = EventBuses.map(({ Name: name }) => {
    if (name === undefined) throw new UnexpectedAnswerError('An event bus has no name.');
    return name;
  });
  return { items, next };
}

async function listRules(aws: AwsAccess, bus: string, token: string | undefined) {
  try {
    const command = new ListRulesCommand({ EventBusName: bus, Limit: 100, NextToken: token });
    const answer = await aws.client(EventBridgeClient).send(command);
    return { items: answer.Rules, next: answer.NextToken };
  } catch (error) {
    // The bus was deleted meanwhile, and its rules with it.
    if (error instanceof ResourceNotFoundException) return { items: [] };
    throw error;
  }
}

/** Rules of one bus after the other, each page one call. @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_ListRules.html */
export const collector = /* @__PURE__ */ awsCollector(facts, () => ({
  item: z.object({
    Arn: z.string(),
    Name: z.string(),
    State: z.string().optional(),
    EventBusName: z.string().optional(),
    ScheduleExpression: z.string().optional(),
    ManagedBy: z.string().optional(),
    RoleArn: z.string().optional(),
  }),
  page: pagesWithin({ parents: listBuses, within: listRules }),
  toResource: (item, { region }) => ({
    external_id: item.Arn,
    name: item.Name,
    region,
    status: item.State?.startsWith('ENABLED') === true ? 'active' : item.State === 'DISABLED' ? 'stopped' : 'unknown',
    tags: {},
    configuration: fields({
      event_bus: item.EventBusName,
      schedule: item.ScheduleExpression,
      managed_by: item.ManagedBy,
      role: item.RoleArn,
    }),
  }),
}));
