import { parseArgs } from 'node:util';
import { signToken } from '../lib/local/tokens.ts';

const { values } = parseArgs({ options: { tenant: { type: 'string' }, role: { type: 'string' } } });
const { tenant, role } = values;
console.log(
  await signToken('.infraaudit', {
    ...(tenant === undefined ? {} : { tenant }),
    ...(role === undefined ? {} : { role }),
  }),
);
