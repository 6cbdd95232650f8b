import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { functionError, invokeSchema, type Reply, startSchema } from './worker-messages.ts';

// Entry of an execution environment: it loads one handler from source and answers one event at a time.

const { entry, handler } = startSchema.parse(workerData);
const reply = (message: Reply): void => parentPort?.postMessage(message);

async function load(): Promise<(event: unknown, context: unknown) => unknown> {
  const exported: Record<string, unknown> = await import(pathToFileURL(entry).href);
  const run = exported[handler];
  if (typeof run !== 'function') throw new Error(`${entry} exports no function named ${handler}.`);
  return (event, context) => run(event, context);
}

// An error of loading is the answer to the first event: Lambda reports it there too, and takes a new environment.
const loading = load();
const failed = await loading.then(
  () => false,
  () => true,
);

parentPort?.on('message', async (message: unknown) => {
  try {
    const { event, requestId, deadline, context } = invokeSchema.parse(message);
    const run = await loading;
    const answer = await run(JSON.parse(event), {
      ...context,
      awsRequestId: requestId,
      getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
    });
    reply({ kind: 'done', payload: JSON.stringify(answer) ?? 'null' });
  } catch (error) {
    reply({ kind: 'failed', error: functionError(error) });
  }
});
reply({ kind: 'loaded', failed });
