import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { REGION } from './account.ts';
import type { LogSink } from './lambda-log.ts';
import type { FunctionModel } from './model.ts';
import { type FunctionError, functionError, type Invoke, type Reply, replySchema } from './worker-messages.ts';

/** How an invocation ended; the payload is JSON. */
export type Outcome =
  | { readonly ok: true; readonly payload: string }
  | { readonly ok: false; readonly error: FunctionError };

/** Lambda's limit for a synchronous answer, and for the event. Bytes. */
export const PAYLOAD_LIMIT = 6_291_556;

/** The repository: entries in the template are relative to it. */
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/**
 * One execution environment: a thread with an environment of its own, nothing of ours. It takes one event at a time
 * and is used up once it was killed, ran out of time, exited or could not load its handler.
 */
export class ExecutionEnvironment {
  readonly #model: FunctionModel;
  readonly #log: LogSink;
  readonly #worker: Worker;
  readonly #context: Readonly<Record<string, unknown>>;
  readonly #loaded = Promise.withResolvers<void>();
  readonly #ended = Promise.withResolvers<void>();
  #settle: ((outcome: Outcome) => void) | undefined;
  #why = 'exit status 1';
  #usable = true;
  #unloadable = false;

  constructor(model: FunctionModel, ourEnvironment: Readonly<Record<string, string>>, log: LogSink) {
    this.#model = model;
    this.#log = log;
    const stream = `${new Date().toISOString().slice(0, 10).replaceAll('-', '/')}/[$LATEST]${randomUUID().replaceAll('-', '')}`;
    this.#context = {
      functionName: model.physicalName,
      functionVersion: '$LATEST',
      invokedFunctionArn: model.arn,
      memoryLimitInMB: String(model.memoryMb),
      logGroupName: model.logGroup,
      logStreamName: stream,
      callbackWaitsForEmptyEventLoop: true,
    };
    this.#worker = new Worker(new URL('./worker.ts', import.meta.url), {
      workerData: { entry: resolve(ROOT, model.entry), handler: model.handler },
      name: model.name,
      argv: [],
      execArgv: ['--disable-warning=ExperimentalWarning'],
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: model.memoryMb },
      env: {
        AWS_REGION: REGION,
        AWS_DEFAULT_REGION: REGION,
        AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
        AWS_LAMBDA_FUNCTION_NAME: model.physicalName,
        AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
        AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(model.memoryMb),
        AWS_LAMBDA_LOG_GROUP_NAME: model.logGroup,
        AWS_LAMBDA_LOG_STREAM_NAME: stream,
        ...ourEnvironment,
        ...model.environment,
      },
    });
    log.follow(model.name, this.#worker.stdout, this.#worker.stderr);
    this.#worker.on('message', (message: unknown) => this.#take(replySchema.parse(message)));
    this.#worker.on('error', (error) => {
      this.#usable = false;
      this.#finish({ ok: false, error: functionError(error) });
    });
    this.#worker.on('exit', () => {
      this.#usable = false;
      this.#finish(this.#exit());
      this.#loaded.resolve();
      this.#ended.resolve();
    });
  }

  /** Whether it can take another event. */
  get usable(): boolean {
    return this.#usable;
  }

  /** Settles once the thread is gone. */
  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  /** Runs one event (JSON). Loading does not count towards the function's time, as Lambda's init phase does not. */
  async run(event: string, requestId: string): Promise<Outcome> {
    const { promise, resolve: settle } = Promise.withResolvers<Outcome>();
    this.#settle = settle;
    await this.#loaded.promise;
    const milliseconds = this.#model.timeoutSeconds * 1000;
    const invoke: Invoke = { event, requestId, deadline: Date.now() + milliseconds, context: this.#context };
    const timer = setTimeout(() => {
      const seconds = this.#model.timeoutSeconds.toFixed(2);
      this.#finish({
        ok: false,
        error: {
          errorType: 'Sandbox.Timedout',
          errorMessage: `RequestId: ${requestId} Error: Task timed out after ${seconds} seconds`,
        },
      });
      this.kill();
    }, milliseconds);
    if (this.#usable) this.#worker.postMessage(invoke);
    else this.#finish(this.#exit());
    const outcome = await promise;
    clearTimeout(timer);
    if (!outcome.ok) this.#log.failed(this.#model.name, requestId, outcome.error);
    if (this.#unloadable) this.kill();
    return outcome;
  }

  /** Ends the thread where it stands, as if its machine were gone. */
  kill(): void {
    this.#usable = false;
    this.#why = 'signal: killed';
    this.#worker.terminate();
  }

  #take(reply: Reply): void {
    if (reply.kind === 'loaded') {
      this.#unloadable = reply.failed;
      this.#loaded.resolve();
    } else if (reply.kind === 'failed') this.#finish({ ok: false, error: reply.error });
    else if (Buffer.byteLength(reply.payload) > PAYLOAD_LIMIT) {
      const errorMessage = `Response payload size exceeded maximum allowed payload size (${PAYLOAD_LIMIT} bytes).`;
      this.#finish({ ok: false, error: { errorType: 'Function.ResponseSizeTooLarge', errorMessage } });
    } else this.#finish({ ok: true, payload: reply.payload });
  }

  #exit(): Outcome {
    return {
      ok: false,
      error: { errorType: 'Runtime.ExitError', errorMessage: `Runtime exited with error: ${this.#why}` },
    };
  }

  #finish(outcome: Outcome): void {
    this.#settle?.(outcome);
    this.#settle = undefined;
  }
}
