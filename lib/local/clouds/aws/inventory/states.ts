import type { StateMachineListItem } from '@aws-sdk/client-sfn';
import { byBusiness, type Kind } from './kind.ts';

export const stateMachines: Kind<StateMachineListItem> = {
  name: 'sfn_state_machine',
  global: false,
  count: byBusiness([0, 0, 1, 5]),
  make({ account, region, index, random }) {
    const name = `machine-${index}`;
    const arn = `arn:aws:states:${region}:${account.accountId}:stateMachine:${name}`;
    const type = random.pick('STANDARD', 'EXPRESS');
    const item: StateMachineListItem = { stateMachineArn: arn, name, type, creationDate: random.date() };
    return { type: 'sfn_state_machine', arn, item };
  },
  // As one that was deleted and made again.
  alter: (item, turn) => ({ ...item, creationDate: new Date(Date.UTC(2026, 0, turn)) }),
};
