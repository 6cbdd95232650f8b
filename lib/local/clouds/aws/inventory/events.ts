import type { EventBus, Rule } from '@aws-sdk/client-eventbridge';
import { CANARY } from '../accounts.ts';
import { byBusiness, type Kind } from './kind.ts';

/** The event buses of every region. */
const BUSES = ['default', 'orders'] as const;

export const busesOf = (region: string, accountId: string): EventBus[] =>
  BUSES.map((Name) => ({
    Name,
    Arn: `arn:aws:events:${region}:${accountId}:event-bus/${Name}`,
    Description: CANARY,
    Policy: JSON.stringify({ Version: '2012-10-17', Statement: [{ Sid: CANARY }] }),
  }));

export const rules: Kind<Rule> = {
  name: 'eventbridge_rule',
  global: false,
  count: byBusiness([0, 1, 4, 12]),
  make({ account, region, index, random }) {
    const bus = BUSES[index % 4 === 3 ? 1 : 0];
    const name = `rule-${index}`;
    const path = bus === 'default' ? name : `${bus}/${name}`;
    const arn = `arn:aws:events:${region}:${account.accountId}:rule/${path}`;
    // Only the default bus has schedules.
    const scheduled = bus === 'default' && random.chance(0.5);
    const item: Rule = {
      Name: name,
      Arn: arn,
      ...(scheduled
        ? { ScheduleExpression: 'rate(5 minutes)' }
        : { EventPattern: JSON.stringify({ detail: { token: [CANARY] } }) }),
      State: random.chance(0.8) ? 'ENABLED' : 'DISABLED',
      Description: CANARY,
      EventBusName: bus,
      ...(index === 0 ? { ManagedBy: 'autoscaling.amazonaws.com' } : {}),
    };
    return { type: 'eventbridge_rule', arn, item };
  },
  alter: (item, turn) => ({ ...item, ScheduleExpression: `rate(${turn + 5} minutes)` }),
};
