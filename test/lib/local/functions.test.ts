import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { startTwin, type Twin } from '../../../lib/local/twin.ts';
import { lines, linesIn, stateDirectory } from './fixtures/state.ts';
import { lambda, template } from './fixtures/template.ts';

// Workers are started for real, which takes longer on a machine that is busy.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

const started: Twin[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  await Promise.all(started.splice(0).map((twin) => twin.stop()));
});

async function twinOf(handler: string, options: Parameters<typeof lambda>[1] = {}, maxEnvironments = 20) {
  const directory = stateDirectory();
  const record = join(directory, 'record');
  const environment = { RECORD_FILE: record, ...options.environment };
  const twin = await startTwin({
    directory,
    port: 0,
    tick: false,
    maxEnvironments,
    template: template({ F: lambda(handler, { ...options, environment }) }),
  });
  started.push(twin);
  return { twin, directory, record };
}

const surroundingsSchema = z.object({
  environment: z.record(z.string(), z.string()),
  context: z.record(z.string(), z.unknown()),
  requestId: z.string(),
  remaining: z.number(),
  calls: z.number(),
});

async function surroundings(twin: Twin) {
  const outcome = await twin.invoke('surroundings', {});
  if (!outcome.ok) throw new Error(outcome.error.errorMessage);
  return surroundingsSchema.parse(JSON.parse(outcome.payload));
}

test('a function sees its own environment and nothing of the process that runs it', async () => {
  vi.stubEnv('SHELL_SECRET', 'from the shell');
  const { twin } = await twinOf('surroundings', { environment: { TABLE: { Ref: 'Table' } } });
  const { environment, context } = await surroundings(twin);
  expect(environment).not.toHaveProperty('SHELL_SECRET');
  expect(environment).not.toHaveProperty('PATH');
  expect(environment).toMatchObject({
    TABLE: twin.endpoints.table.name,
    AWS_REGION: 'us-east-1',
    AWS_LAMBDA_FUNCTION_NAME: 'infraaudit-local-F',
    AWS_ENDPOINT_URL_DYNAMODB: twin.endpoints.table.url,
    AWS_ENDPOINT_URL_SQS: twin.endpoints.queues.url,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: twin.endpoints.secrets.url,
    AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: twin.endpoints.logs.url,
  });
  expect(context).toMatchObject({
    functionName: 'infraaudit-local-F',
    invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:infraaudit-local-F',
  });
});

test('a warm environment is used again, and keeps its module state', async () => {
  const { twin } = await twinOf('surroundings');
  const first = await surroundings(twin);
  const second = await surroundings(twin);
  expect([first.calls, second.calls]).toEqual([1, 2]);
  expect(second.requestId).not.toBe(first.requestId);
  expect(second.remaining).toBeLessThanOrEqual(30_000);
  expect(twin.invocations().surroundings).toEqual({ started: 2, succeeded: 2, failed: 0, coldStarts: 1 });
});

test('events at the same time each have an environment of their own', async () => {
  const { twin } = await twinOf('surroundings');
  const calls = await Promise.all([surroundings(twin), surroundings(twin), surroundings(twin)]);
  expect(calls.map((call) => call.calls)).toEqual([1, 1, 1]);
});

test('beyond the limit of environments events wait for one', async () => {
  const { twin } = await twinOf('surroundings', {}, 1);
  const calls = await Promise.all([surroundings(twin), surroundings(twin), surroundings(twin)]);
  expect(calls.map((call) => call.calls)).toEqual([1, 2, 3]);
});

test('an exception becomes the error payload of Lambda, and is in the log', async () => {
  const { twin, directory } = await twinOf('fail');
  expect(await twin.invoke('fail', {})).toMatchObject({
    ok: false,
    error: { errorType: 'RangeError', errorMessage: 'out of range', trace: expect.arrayContaining([]) },
  });
  const [line] = await linesIn(join(directory, 'lambda.log'), 1);
  expect(line).toMatchObject({ function: 'fail', level: 'ERROR', message: 'Invoke Error', errorType: 'RangeError' });
});

test('a function that takes too long is killed, and the next event gets a new environment', async () => {
  const { twin } = await twinOf('hang', { timeout: 1 });
  for (const coldStarts of [1, 2]) {
    expect(await twin.invoke('hang', {})).toMatchObject({
      ok: false,
      error: {
        errorType: 'Sandbox.Timedout',
        errorMessage: expect.stringMatching(/^RequestId: \S+ Error: Task timed out after 1.00 seconds$/),
      },
    });
    expect(twin.invocations().hang).toMatchObject({ coldStarts });
  }
});

test('a function can be killed in mid-call', async () => {
  const { twin, record } = await twinOf('hang');
  const call = twin.invoke('hang', {});
  await linesIn(record, 1);
  expect(twin.kill('hang')).toBe(1);
  expect(await call).toMatchObject({ ok: false, error: { errorType: 'Runtime.ExitError' } });
});

test('a function that ends its process, answers too much or does not load fails its call', async () => {
  const { twin } = await twinOf('exit');
  expect(await twin.invoke('exit', {})).toMatchObject({ ok: false, error: { errorType: 'Runtime.ExitError' } });
  const { twin: chatty } = await twinOf('large');
  expect(await chatty.invoke('large', {})).toMatchObject({
    ok: false,
    error: { errorType: 'Function.ResponseSizeTooLarge' },
  });
  const { twin: broken } = await twinOf('missing');
  expect(await broken.invoke('missing', {})).toMatchObject({
    ok: false,
    error: { errorMessage: expect.stringContaining('missing') },
  });
});

test('what functions print becomes one JSON object a line', async () => {
  const { twin, directory } = await twinOf('print');
  await twin.invoke('print', {});
  const log = await linesIn(join(directory, 'lambda.log'), 3);
  expect(log).toHaveLength(3);
  expect(log).toContainEqual({ function: 'print', level: 'INFO', time: expect.any(String), message: 'plain text' });
  expect(log).toContainEqual({ function: 'print', level: 'WARN', message: 'structured' });
  expect(log).toContainEqual({ function: 'print', level: 'ERROR', time: expect.any(String), message: 'to stderr' });
  await twin.stop();
  expect(lines(join(directory, 'lambda.log'))).toHaveLength(3);
});
