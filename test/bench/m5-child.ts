import { pathToFileURL } from 'node:url';
import type * as z from 'zod';
import { type BatchResult, batchSchema, orderSchema, resultSchema } from './m5-messages.ts';

// Entry of a process that holds one handler and nothing else, so that all CPU time of the process is the handler's,
// that of the garbage collector's and the compiler's threads too. The parent says when it may run.

type Handler = (event: unknown, context: unknown) => Promise<unknown>;
let handler: Handler | undefined;
let event: unknown;

process.on('disconnect', () => process.exit(0));
process.on('message', (message: unknown) => {
  const order = orderSchema.safeParse(message);
  const work = order.success ? load(order.data) : batch(batchSchema.parse(message).requests);
  work.then(
    (result) => process.send?.(result),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});

async function load(order: z.infer<typeof orderSchema>): Promise<object> {
  const loaded: Record<string, unknown> = await import(pathToFileURL(order.module).href);
  const { handler: found } = loaded;
  if (typeof found !== 'function') throw new TypeError(`${order.module} exports no handler.`);
  handler = async (given, context) => found(given, context);
  event = order.event;
  return {};
}

async function batch(requests: number): Promise<BatchResult> {
  if (handler === undefined) throw new TypeError('There is no handler yet.');
  const cpu: number[] = [];
  let answer: unknown;
  for (let n = 0; n < requests; n += 1) {
    const context = { awsRequestId: `request-${n}`, functionName: 'bench', getRemainingTimeInMillis: () => 15_000 };
    const before = process.cpuUsage();
    answer = await handler(event, context);
    const { user, system } = process.cpuUsage(before);
    cpu.push(user + system);
  }
  return { cpu, answer: resultSchema.shape.answer.parse(answer) };
}
