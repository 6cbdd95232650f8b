import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { CANARY, type SampleCall, type SampleCloud } from '../sample-cloud.ts';

const KEY = 'pk_0123456789abcdefghijklmn';
const EXAMPLE_KEY = 'pk_nmlkjihgfedcba9876543210';
const place = z.array(z.strictObject({ first: z.number().optional() }));
const knobsSchema = z.strictObject({
  latencyMs: z.number().optional(),
  throttle: place.optional(),
  deny: place.optional(),
  loopToken: place.optional(),
});

/** A sample of the paper cloud: 25 sheets, 10 a page at most. */
export async function startSamplePaper(): Promise<SampleCloud> {
  let knobs: z.infer<typeof knobsSchema> = {};
  let throttled = 0;
  let calls: SampleCall[] = [];
  const unknown: string[] = [];
  const sheets = Array.from({ length: 25 }, (_, n) => ({ id: `sheet-${n}`, name: `Sheet ${n}`, text: CANARY }));
  const answer = (path: string, query: URLSearchParams, key: string): [number, unknown] => {
    if (key !== KEY && key !== EXAMPLE_KEY) return [401, {}];
    if (path === '/v1/me') return [200, { account: key === KEY ? 'main' : 'example' }];
    if (path !== '/v1/sheets') {
      unknown.push(path);
      return [404, {}];
    }
    if ((knobs.deny ?? []).length > 0) return [403, {}];
    if ((knobs.throttle ?? []).some(({ first = Number.POSITIVE_INFINITY }) => throttled < first)) {
      throttled += 1;
      return [429, {}];
    }
    const from = Number(query.get('cursor') ?? 0);
    const to = from + Math.min(10, Number(query.get('limit') ?? 10));
    const next = (knobs.loopToken ?? []).length > 0 ? '10' : to < sheets.length ? String(to) : undefined;
    return [200, { sheets: sheets.slice(from, to), next }];
  };
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    const [status, body] = answer(pathname, searchParams, (request.headers.authorization ?? '').replace('Bearer ', ''));
    calls.push({
      service: 'sheets',
      operation: pathname,
      region: 'account',
      outcome: status === 200 ? 'ok' : String(status),
    });
    void sleep(knobs.latencyMs ?? 0).then(() =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
    );
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  return {
    name: 'paper',
    title: 'paper account',
    url,
    settings: { endpoints: [{ host: 'api.paper.example', url }] },
    bodies: { main: { apiKey: KEY }, example: { apiKey: EXAMPLE_KEY } },
    turn(change) {
      knobs = knobsSchema.parse({ ...knobs, ...change });
      throttled = 0;
    },
    calls: () => calls,
    resetCalls() {
      calls = [];
    },
    unknownCalls: () => unknown,
    held: () => ({ paper_sheet: sheets.map(({ id }) => id) }),
    async close() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
