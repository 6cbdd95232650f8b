import { Agent, request as call, type IncomingHttpHeaders } from 'node:http';
import { bodyOf, type Endpoint, serve } from '../../lib/local/loopback.ts';
import { DueIndex } from './due-index.ts';
import { kindOfWrite, type WriteInput, type WriteKind, writeInput } from './write-kinds.ts';

/** Writes of one kind: how many, and what they cost. */
export interface Written {
  readonly writes: number;
  /** As the table reports them; a write that its condition refused is one. */
  readonly units: number;
  readonly refused: number;
}

/** What was metered since the last look. */
export interface Metered {
  readonly writes: Readonly<Partial<Record<WriteKind, Written>>>;
  /** Writes of the due index, by arithmetic: the local table leaves them out of what it reports. */
  readonly indexUnits: number;
  readonly readUnits: number;
  readonly reads: number;
}

/** A table in front of the table that asks for the capacity which each request consumed. */
export interface TableMeter extends Endpoint {
  /** Says where the table is; before that nothing can be answered. */
  to(url: string): void;
  /** What came since the last time. */
  take(): Metered;
}

const WRITES: ReadonlySet<string> = new Set(['UpdateItem', 'DeleteItem', 'PutItem']);
const UNITS = /"CapacityUnits":([\d.]+)/g;

/** Starts a meter on loopback. */
export async function startTableMeter(): Promise<TableMeter> {
  const agent = new Agent({ keepAlive: true, maxSockets: 256 });
  let target = '';
  let tally = new TableTally();
  const index = new DueIndex();
  const endpoint = await serve(async (request, response) => {
    const operation = String(request.headers['x-amz-target']).split('.').at(-1) ?? '';
    const body = String(await bodyOf(request));
    // Spliced into the text: parsing the rows of a large sync here would take longer than the table does.
    const metered = body.replace(/^\{/, '{"ReturnConsumedCapacity":"TOTAL",');
    try {
      const answer = await forward(agent, target, request.headers, metered);
      const units = [...answer.body.matchAll(UNITS)].reduce((sum, [, text]) => sum + Number(text), 0);
      if (WRITES.has(operation)) {
        const input = writeInput.parse(JSON.parse(body));
        tally.wrote(input, answer.status === 200 ? units : 1, answer.status === 200, index);
      } else tally.read(units);
      response.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.0' }).end(answer.body);
    } catch {
      response.destroy();
    }
  });
  return {
    ...endpoint,
    to(url) {
      target = url;
    },
    take() {
      const taken = tally;
      tally = new TableTally();
      return taken.metered();
    },
    async close() {
      agent.destroy();
      await endpoint.close();
    },
  };
}

class TableTally {
  readonly #writes = new Map<WriteKind, { writes: number; units: number; refused: number }>();
  #indexUnits = 0;
  #readUnits = 0;
  #reads = 0;

  wrote(input: WriteInput, units: number, applied: boolean, index: DueIndex): void {
    const kind = kindOfWrite(input);
    const sum = this.#writes.get(kind) ?? { writes: 0, units: 0, refused: 0 };
    sum.writes += 1;
    sum.units += units;
    if (!applied) sum.refused += 1;
    this.#writes.set(kind, sum);
    if (applied) this.#indexUnits += index.write(input);
  }

  read(units: number): void {
    this.#readUnits += units;
    this.#reads += 1;
  }

  metered(): Metered {
    const writes = Object.fromEntries(this.#writes);
    return { writes, indexUnits: this.#indexUnits, readUnits: this.#readUnits, reads: this.#reads };
  }
}

async function forward(
  agent: Agent,
  url: string,
  { authorization, 'x-amz-date': date, 'x-amz-target': target }: IncomingHttpHeaders,
  body: string,
): Promise<{ readonly status: number; readonly body: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; body: string }>();
  const headers = {
    'content-type': 'application/x-amz-json-1.0',
    'content-length': Buffer.byteLength(body),
    ...(authorization === undefined ? {} : { authorization }),
    ...(date === undefined ? {} : { 'x-amz-date': date }),
    ...(target === undefined ? {} : { 'x-amz-target': target }),
  };
  const made = call(url, { agent, method: 'POST', headers }, (answer) => {
    const parts: Buffer[] = [];
    answer.on('data', (part: Buffer) => parts.push(part));
    answer.on('end', () => resolve({ status: answer.statusCode ?? 500, body: Buffer.concat(parts).toString() }));
    answer.on('error', reject);
  });
  made.on('error', reject);
  made.end(body);
  return promise;
}
