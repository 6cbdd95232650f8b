import { parseArgs } from 'node:util';
import { start } from '../lib/local/start.ts';

const { values } = parseArgs({
  options: {
    fresh: { type: 'boolean', default: false },
    sample: { type: 'boolean', default: true },
    'aws-endpoint': { type: 'string' },
  },
  allowNegative: true,
});

try {
  const running = await start({
    directory: '.infraaudit',
    port: Number(process.env.PORT ?? 8080),
    fresh: values.fresh,
    sample: values.sample,
    awsEndpoint: values['aws-endpoint'],
    print: (text) => console.log(text),
    terminal: process.stdout.isTTY === true,
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void running.stop().then(() => process.exit(0)));
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
