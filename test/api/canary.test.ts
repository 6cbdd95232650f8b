import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { inflateRawSync, inflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CloudFacts } from '../../functions/providers/contract.ts';
import { clouds } from '../../functions/providers/registered.ts';
import { type CloudsDeployment, startCloudsDeployment } from '../support/clouds.ts';

/** No piece of a customer's credential may be anywhere but in Secrets Manager, whatever was done with it. */
let deployment: CloudsDeployment;
const registered: readonly CloudFacts[] = Object.values(clouds);
/** Everything that the API has answered. */
const answers: string[] = [];
beforeAll(async () => {
  deployment = await startCloudsDeployment();
}, 60_000);
afterAll(() => deployment?.stop());

const PIECE = /[A-Za-z0-9+/=_~.-]{16,}/g;
const ENDS = /^[.=-]+|[.=-]+$/g;

/** What of a body is secret, in pieces that no other text holds: as it is, and as it is behind base64. */
function piecesOf({ secretFields }: CloudFacts, body: Readonly<Record<string, string>>): readonly string[] {
  const text = secretFields.map((field) => body[field] ?? '').join('\n');
  const plain = text.replaceAll('\\n', '\n');
  const runs = [...plain.matchAll(PIECE)].map(([run]) => run);
  const decoded = runs.flatMap((run) =>
    [...Buffer.from(run, 'base64').toString('latin1').matchAll(PIECE)].map(([one]) => one),
  );
  const open = Object.entries(body).flatMap(([field, value]) => (secretFields.includes(field) ? [] : [value]));
  return [...new Set([...runs, ...decoded])]
    .map((run) => run.replaceAll(ENDS, ''))
    .filter((run) => run.length >= 16 && /[A-Z0-9]/.test(run) && !PUBLIC.some((known) => known.test(run)))
    .filter((run) => !open.some((value) => value.includes(run)));
}
/** Words of the forms themselves: hosts, addresses, projects and names say who it is, and prove nothing. */
const PUBLIC = [/^[a-z][a-z0-9-]*(\.[a-z0-9-]+)+$/, /googleapis\.com/, /gserviceaccount/, /^[a-z]+(-[a-z0-9]+)+$/];

const call = async (method: string, path: string, body?: object) => {
  const answer = await deployment.call(method, path, body === undefined ? {} : { body });
  answers.push(`${answer.text}\n${JSON.stringify([...answer.headers])}`);
  return answer;
};

/** The table's items as text, with what is packed in them. */
async function tableAsText(): Promise<string> {
  const unpacked = (bytes: Uint8Array): string[] =>
    [inflateSync, inflateRawSync, (plain: Uint8Array) => Buffer.from(plain)].flatMap((open) => {
      try {
        return [open(bytes).toString('latin1')];
      } catch {
        return [];
      }
    });
  const texts = (await deployment.items()).map((item) =>
    [
      JSON.stringify(item),
      ...Object.values(item).flatMap((value) => (value instanceof Uint8Array ? unpacked(value) : [])),
      ...Object.values(item).flatMap((value) =>
        typeof value === 'string' ? unpacked(Buffer.from(value, 'base64')) : [],
      ),
    ].join('\n'),
  );
  return texts.join('\n');
}

/** Everything that the twin has written to disk but for its Secrets Manager: logs, audit, events, queues, table. */
function filesAsText(): ReadonlyMap<string, string> {
  const files = readdirSync(deployment.directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !relative(deployment.directory, file).startsWith('secrets'));
  return new Map(files.map((file) => [relative(deployment.directory, file), readFileSync(file, 'latin1')]));
}

/** A body whose secret is of the right form, and wrong: one character in its middle is another. */
function spoiled({ secretFields }: CloudFacts, body: Readonly<Record<string, string>>): Record<string, string> {
  const [field = ''] = secretFields;
  const text = body[field] ?? '';
  const at = text.search(/[A-Za-z0-9]{20}/) + 10;
  return { ...body, [field]: `${text.slice(0, at)}${text[at] === 'x' ? 'y' : 'x'}${text.slice(at + 1)}` };
}

describe.each(registered.map((facts) => [facts.name, facts] as const))('%s', (name, facts) => {
  test('its credentials have pieces to look for', () => {
    for (const body of Object.values(deployment.cloud(name).bodies)) {
      const isPlainWord = /^[a-z-]{1,24}$/.test(facts.secretFields.map((field) => body[field]).join(''));
      expect(piecesOf(facts, body).length > 0 || isPlainWord).toBe(true);
    }
  });

  test('is connected, refused, synced, listed and disconnected', async () => {
    const { main, example } = deployment.cloud(name).bodies;
    const [field = ''] = facts.secretFields;
    expect((await call('POST', `/${name}/connect`, { name: 'canary', ...main })).status).toBe(201);
    expect((await call('POST', `/${name}/connect`, { name: 'canary', ...main })).status).toBe(409);
    expect(
      (await call('POST', `/${name}/connect`, { name: 'canary', ...spoiled(facts, example) })).status,
    ).toBeGreaterThan(399);
    expect(
      (await call('POST', `/${name}/connect`, { name: 'canary', ...main, [field]: `${main[field]}\n"}` })).status,
    ).toBeGreaterThan(399);
    expect((await call('POST', `/${name}/connect`, { name: '', ...main })).status).toBe(400);
    expect((await call('POST', `/${name}/connect`, { name: 'canary', ...main, more: main[field] })).status).toBe(400);
    expect((await call('POST', `/${name}/connect`, { name: 'canary', ...main, [field]: [main[field]] })).status).toBe(
      400,
    );
    await deployment.twin.idle();
    await deployment.twin.tick();
    await deployment.twin.idle();
  }, 120_000);
});

test('no piece of any of them is in an answer, a row, a message, a log, an audit line or an event', async () => {
  expect((await call('GET', '/')).json).toHaveLength(registered.length);
  for (const [n] of registered.entries()) {
    for (const path of ['', '/jobs', '/coverage', '/changes', '/costs', '/resources?limit=100'])
      await call('GET', `/${n + 1}${path}`);
    expect((await call('DELETE', `/${n + 1}`)).status).toBe(204);
  }
  const sinks = new Map([...filesAsText(), ['the table', await tableAsText()], ['the answers', answers.join('\n')]]);
  expect([...sinks.keys()]).toEqual(expect.arrayContaining(['lambda.log', 'audit.log', 'events.log']));
  const found = registered.flatMap((facts) =>
    Object.values(deployment.cloud(facts.name).bodies)
      .flatMap((body) => [...piecesOf(facts, body)])
      .flatMap((piece) =>
        [...sinks].flatMap(([sink, text]) => (text.includes(piece) ? [`${facts.name} in ${sink}`] : [])),
      ),
  );
  expect(found).toEqual([]);
}, 120_000);
