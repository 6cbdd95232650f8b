import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { type BatchResult, resultSchema } from './m5-messages.ts';

/** A process of its own with one handler in it. */
export class HandlerProcess {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  /**
   * Starts a process with this environment and nothing of ours, and loads a module's `handler` in it.
   * @param event what every request gives the handler. @throws Error when it cannot be loaded.
   */
  static async start(module: string, event: unknown, env: Readonly<Record<string, string>>): Promise<HandlerProcess> {
    const child = fork(join(import.meta.dirname, 'm5-child.ts'), {
      env: { ...env },
      execArgv: ['--disable-warning=ExperimentalWarning'],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const started = new HandlerProcess(child);
    await started.#ask({ module, event });
    return started;
  }

  /** Makes requests one after another. @throws Error when the process dies of one. */
  async batch(requests: number): Promise<BatchResult> {
    return resultSchema.parse(await this.#ask({ requests }));
  }

  async close(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.disconnect();
    await ended;
  }

  async #ask(message: object): Promise<unknown> {
    const died = new AbortController();
    const exit = once(this.#child, 'exit', { signal: died.signal }).then(() => {
      throw new Error('The process of a handler ended before it answered.');
    });
    // Whoever waits hears of it by the race; afterwards nobody does.
    exit.catch(() => undefined);
    this.#child.send(message);
    try {
      const [answer]: unknown[] = await Promise.race([once(this.#child, 'message'), exit]);
      return answer;
    } finally {
      died.abort();
    }
  }
}
