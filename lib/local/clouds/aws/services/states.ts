import { ListStateMachinesOutput$ } from '@aws-sdk/client-sfn';
import { stateMachines } from '../inventory/states.ts';
import { jsonRefusals } from './json-refusals.ts';
import type { Service } from './operation.ts';

export const states: Service = {
  ...jsonRefusals,
  name: 'states',
  operations: [
    {
      name: 'ListStateMachines',
      run(call) {
        const size = call.param('maxResults');
        const { items, next } = call.page(call.items(stateMachines), {
          // None and 0 are the same to it.
          size: size === '0' ? undefined : size,
          token: call.param('nextToken'),
          least: 1,
          most: 1000,
          otherwise: 100,
          codes: { size: 'ValidationException', token: 'InvalidToken' },
        });
        return { schema: ListStateMachinesOutput$, value: { stateMachines: items, nextToken: next } };
      },
    },
  ],
};
