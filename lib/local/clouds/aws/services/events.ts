import { ListEventBusesResponse$, ListRulesResponse$ } from '@aws-sdk/client-eventbridge';
import { busesOf, rules } from '../inventory/events.ts';
import { jsonRefusals } from './json-refusals.ts';
import { type Call, SampleError, type Service } from './operation.ts';

const limitsOf = (call: Call) => ({
  size: call.param('Limit'),
  token: call.param('NextToken'),
  least: 1,
  most: 100,
  otherwise: 100,
  codes: { size: 'ValidationException', token: 'ValidationException' },
});

export const events: Service = {
  ...jsonRefusals,
  name: 'events',
  operations: [
    {
      name: 'ListEventBuses',
      run(call) {
        const { items, next } = call.page(busesOf(call.region, call.account.accountId), limitsOf(call));
        return { schema: ListEventBusesResponse$, value: { EventBuses: items, NextToken: next } };
      },
    },
    {
      name: 'ListRules',
      run(call) {
        const bus = call.param('EventBusName') ?? 'default';
        if (!busesOf(call.region, call.account.accountId).some(({ Name }) => Name === bus)) {
          throw new SampleError(400, 'ResourceNotFoundException', `Event bus ${bus} does not exist.`);
        }
        // A page may hold fewer than its size, and none at all, with more to come.
        const { items, next } = call.page(call.items(rules), limitsOf(call));
        const ofBus = items.filter((rule) => rule.EventBusName === bus);
        return { schema: ListRulesResponse$, value: { Rules: ofBus, NextToken: next } };
      },
    },
  ],
};
