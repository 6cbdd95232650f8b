import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { FunctionError } from './worker-messages.ts';

/** Where functions' output goes: one JSON object a line. */
export interface LogSink {
  /** Takes over what a worker of that function prints, until it ends. */
  follow(functionName: string, stdout: Readable, stderr: Readable): void;
  /** Notes that an invocation failed, as Lambda's runtime does. */
  failed(functionName: string, requestId: string, error: FunctionError): void;
  close(): Promise<void>;
}

/**
 * Appends functions' output to a file of mode 0600. A line that is a JSON object passes with the function's name added;
 * other text is wrapped, so that whoever reads the file can parse every line of it.
 */
export function openLambdaLog(file: string): LogSink {
  const stream = createWriteStream(file, { flags: 'a', mode: 0o600 });
  const append = (name: string, record: object): void => {
    stream.write(`${JSON.stringify({ function: name, ...record })}\n`);
  };
  const write = (name: string, level: string, line: string): void => {
    if (line !== '') append(name, jsonObject(line) ?? { level, time: new Date().toISOString(), message: line });
  };
  return {
    follow(name, stdout, stderr) {
      createInterface({ input: stdout }).on('line', (line) => write(name, 'INFO', line));
      createInterface({ input: stderr }).on('line', (line) => write(name, 'ERROR', line));
    },
    failed(name, requestId, error) {
      append(name, { level: 'ERROR', time: new Date().toISOString(), message: 'Invoke Error', requestId, ...error });
    },
    close() {
      const { promise, resolve } = Promise.withResolvers<void>();
      stream.end(resolve);
      return promise;
    },
  };
}

function jsonObject(line: string): object | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
