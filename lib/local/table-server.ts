import { EventEmitter } from 'node:events';
import { createServer } from 'node:http';
import { parentPort, workerData } from 'node:worker_threads';
import { ClassicLevel } from 'classic-level';
import dynalite from 'dynalite';
import * as z from 'zod';
import { bodyOf, boundPort, closed, listening } from './loopback.ts';

// Entry of the thread that holds the table. A thread of its own, because dynalite computes on the event loop, and
// because what it throws from a callback would otherwise take the whole twin along.

const { path } = z.object({ path: z.string() }).parse(workerData);

// An item is nearly always in memory, and handing each read to another thread and back takes longer than reading it.
Object.assign(ClassicLevel.prototype, {
  async _get(
    this: ClassicLevel & { _getSync(key: unknown, options: unknown): unknown },
    key: unknown,
    options: unknown,
  ) {
    return this._getSync(key, options);
  },
});

const store = dynalite({ path, createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
const [handler] = store.listeners('request');

// dynalite throws when a request breaks off while its body arrives, which is what killing a worker in mid-call does:
// so it is given whole requests only.
const front = createServer((request, response) => {
  bodyOf(request).then(
    (body) => {
      const { method, url, headers } = request;
      const whole = Object.assign(new EventEmitter(), { method, url, headers });
      handler?.call(store, whole, response);
      if (body !== undefined) whole.emit('data', body);
      whole.emit('end');
    },
    () => response.destroy(),
  );
});
front.keepAliveTimeout = 120_000;

parentPort?.once('message', async () => {
  await closed(front);
  store.close(() => process.exit(0));
});
await listening(front, 0);
parentPort?.postMessage({ port: boundPort(front) });
