import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { devNull } from 'node:os';
import { join } from 'node:path';
import { BASE_PATH } from '../../functions/http/routes.ts';
import { ACCOUNT, AUDIENCE, ISSUER, REGION, STACK_NAME } from './account.ts';
import { Clock } from './clock.ts';
import { startEvents } from './events.ts';
import { Functions } from './functions.ts';
import { startHttpFront } from './http-front.ts';
import { Idle } from './idle.ts';
import { openLambdaLog } from './lambda-log.ts';
import { lockDirectory } from './lock.ts';
import { startLogs } from './logs.ts';
import { readTemplate } from './model.ts';
import { Poller } from './poller.ts';
import { startQueues } from './queues.ts';
import { startSecrets } from './secrets.ts';
import { startTable } from './table.ts';
import { secretsFolder, signingSecret, signToken } from './tokens.ts';
import type { Twin, TwinOptions } from './twin-api.ts';

export type { Twin, TwinOptions } from './twin-api.ts';

/**
 * Starts the stack on this machine, from its template.
 * @throws LockedError where another twin has the state; TemplateError at what the twin does not know.
 */
export async function startTwin(options: TwinOptions): Promise<Twin> {
  const { directory, port = 8080, tick = true, consume = true, throttle = false, maxEnvironments = 10 } = options;
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const closers: (() => unknown)[] = [lockDirectory(directory)];
  const stop = async (): Promise<void> => {
    for (let close = closers.pop(); close !== undefined; close = closers.pop()) await close();
  };
  const opened = async <T extends { close(): Promise<void> }>(starting: Promise<T>): Promise<T> => {
    const endpoint = await starting;
    closers.push(() => endpoint.close());
    return endpoint;
  };
  try {
    if (options.fresh === true) clear(directory);
    const signing = signingSecret(directory);
    let groups: readonly string[] = [];
    let buses: readonly string[] = [];
    const starting = [
      opened(startTable(join(directory, 'table'))),
      opened(startQueues(join(directory, 'queues'))),
      opened(startSecrets(secretsFolder(directory))),
      opened(startLogs(join(directory, 'audit.log'), () => groups)),
      opened(startEvents(join(directory, 'events.log'), () => buses)),
    ] as const;
    const templating =
      options.template === undefined ? synthesized(signing.arn, options.context ?? {}) : options.template;
    // All of them first, so that a failure of one leaves none behind that is not closed.
    await Promise.allSettled([...starting, templating]);
    const [table, queues, secrets, logs, events] = await Promise.all(starting);
    const template = await templating;
    const stack = readTemplate(template, {
      account: ACCOUNT,
      region: REGION,
      stackName: STACK_NAME,
      queueUrl: queues.urlOf,
    });
    groups = stack.logGroups;
    buses = stack.eventBuses;
    queues.create(stack.queues);
    await table.create(stack.table);

    const log = await opened(Promise.resolve(openLambdaLog(join(directory, 'lambda.log'))));
    const urls = {
      DYNAMODB: table.url,
      SQS: queues.url,
      SECRETS_MANAGER: secrets.url,
      CLOUDWATCH_LOGS: logs.url,
      EVENTBRIDGE: events.url,
    };
    const functions = await opened(
      Promise.resolve(new Functions(stack.functions, ourEnvironment(urls), log, maxEnvironments)),
    );
    const pollers = new Map<string, Poller[]>();
    const idle = new Idle(functions, queues, () => [...pollers.values()].flat());
    for (const source of stack.eventSources) {
      const poller = new Poller(source, functions, queues, idle.changed);
      pollers.set(source.function, [...(pollers.get(source.function) ?? []), poller]);
      // Their batches end with the functions, and only then can they be waited for.
      closers.splice(closers.length - 1, 0, () => poller.close());
    }
    closers.push(() => Promise.all([...pollers.values()].flat().map((poller) => poller.pause())));
    const pollersOf = (name: string): readonly Poller[] => {
      const found = pollers.get(name);
      if (found === undefined) throw new Error(`The function ${name} reads no queue.`);
      return found;
    };
    const clock = new Clock(stack, functions);
    closers.push(() => clock.stop());
    const front = await opened(startHttpFront(stack, functions, { port, throttle }));
    for (const name of options.warm ?? []) functions.warm(name);
    if (consume) for (const poller of [...pollers.values()].flat()) poller.start();
    if (tick) clock.start();
    return {
      url: front.url,
      apiUrl: `${front.url}${BASE_PATH}`,
      token: (claims) => signToken(directory, claims),
      endpoints: {
        table: { url: table.url, name: stack.table.name },
        queues: { url: queues.url, urls: Object.fromEntries(stack.queues.map((queue) => [queue.id, queue.url])) },
        secrets: { url: secrets.url },
        logs: { url: logs.url },
      },
      tick: () => clock.tick(),
      idle: () => idle.reached(),
      invoke: (name, event) => functions.invoke(name, event),
      kill: (name) => functions.kill(name),
      invocations: () => functions.counts(),
      secretCalls: secrets.calls,
      async pause(name) {
        await Promise.all(pollersOf(name).map((poller) => poller.pause()));
      },
      resume(name) {
        for (const poller of pollersOf(name)) poller.start();
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Loaded only here: the CDK takes a second, and a given template needs none of it. */
async function synthesized(tokenSecretArn: string, context: Readonly<Record<string, unknown>>): Promise<unknown> {
  const { synthesize } = await import('./template.ts');
  // Tokens are checked by one of the two, and whoever gives a URL means that.
  const key = context.tokenJwksUrl === undefined ? { tokenSecretArn } : {};
  return synthesize({ tokenIssuer: ISSUER, tokenAudience: AUDIENCE, ...key, ...context });
}

/** What each function finds of us in its environment: keys that nobody checks, and no address but loopback. */
function ourEnvironment(urls: Readonly<Record<string, string>>): Record<string, string> {
  const endpoints = Object.entries(urls).map(([service, url]) => [`AWS_ENDPOINT_URL_${service}`, url]);
  return {
    AWS_ACCESS_KEY_ID: 'ASIALOCALTWIN0000000',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_SESSION_TOKEN: 'local',
    // On Lambda there are no such files; here they would be those of whoever runs this.
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    ...Object.fromEntries(endpoints),
  };
}

function clear(directory: string): void {
  // The sample clouds run already, and the keys of their accounts are no state of the stack's.
  const state = readdirSync(directory).filter((name) => !['lock', 'sample-clouds'].includes(name));
  for (const name of state) rmSync(join(directory, name), { recursive: true, force: true });
}
