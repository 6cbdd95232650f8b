import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CloudFacts } from '../../functions/providers/contract.ts';
import { clouds } from '../../functions/providers/registered.ts';
import { type CloudsDeployment, startCloudsDeployment } from '../support/clouds.ts';
import { type Refusals, refusalsOf } from '../support/refusals.ts';

/** What must be refused by every connect alike; the rules of one cloud are in the files of that cloud. */
let deployment: CloudsDeployment;
beforeAll(async () => {
  // Each environment loads a cloud's SDK: more of them at once than cores would only wait for each other.
  deployment = await startCloudsDeployment({ maxEnvironments: 3 });
});
afterAll(() => deployment?.stop());

const others: readonly CloudFacts[] = Object.values(clouds).filter(({ name }) => name !== 'aws');

describe.each(others.map((facts) => [facts.name, facts] as const))('%s', (name, facts) => {
  let watch: Refusals;
  let good: Readonly<Record<string, string>>;
  beforeAll(() => {
    watch = refusalsOf(deployment, name);
    good = { name: `${name} account`, ...deployment.cloud(name).bodies.example };
    for (const field of facts.secretFields) watch.remember(good[field] ?? '');
  });
  const secret = (): string => facts.secretFields.map((field) => good[field]).join();

  test('what is no JSON object', async () => {
    const texts: Record<string, string> = {
      'an empty body': '',
      blanks: ' \n',
      'an open brace': '{',
      'an open text': `{"name":"${name}","${facts.secretFields[0]}":"${JSON.stringify(secret()).slice(1, -1)}`,
      'an array': '[]',
      'the object in an array': JSON.stringify([good]),
      null: 'null',
      'a text': '"x"',
      'the object as a text': JSON.stringify(JSON.stringify(good)),
      'a number': '7',
      'two objects': `${JSON.stringify(good)}{}`,
      'a comment': `{/* ${secret()} */}`,
      'single quotes': `{'name':'x'}`,
      'a comma at the end': `${JSON.stringify(good).slice(0, -1)},}`,
      YAML: 'name: x',
      '100,000 arrays deep': '['.repeat(100_000) + ']'.repeat(100_000),
    };
    for (const [what, text] of Object.entries(texts)) {
      await watch.refused(text, { status: 400, code: 'INVALID_JSON' }).catch((error: unknown) => {
        throw new Error(what, { cause: error });
      });
    }
  });

  test('objects without end are an object with fields that nobody knows, and no crash', async () => {
    const invalid = { status: 400, code: 'VALIDATION_FAILED' };
    const deep = `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`;
    await watch.refused(deep, invalid);
    for (const field of Object.keys(facts.body.shape)) {
      await watch.refused(
        JSON.stringify({ ...good, [field]: 0 }).replace(`"${field}":0`, `"${field}":${deep}`),
        invalid,
      );
    }
  });

  test('another kind of body is 415, a larger one than 256 KB is 413', async () => {
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'application/yaml',
      'application/json-seq',
      'text/json',
      'application/jsonapplication/json',
    ]) {
      const options = { headers: { 'content-type': type } };
      await watch.refused(good, { status: 415, code: 'UNSUPPORTED_MEDIA_TYPE' }, options);
    }
    for (const field of ['name', ...facts.secretFields]) {
      const large = { ...good, [field]: `${good[field]}${' '.repeat(257 * 1024)}` };
      await watch.refused(large, { status: 413, code: 'BODY_TOO_LARGE' });
    }
  });

  test('fields that nobody knows are refused, whatever they hold', async () => {
    const fields = ['id', 'tenantId', 'status', 'secretArn', 'endpoint', 'account', 'type', 'region', 'token_uri'];
    const odd = ['proxy', 'Name', 'name ', '', '__proto__', 'constructor', 'toString'];
    for (const field of [...fields, ...odd].filter((one) => !Object.hasOwn(facts.body.shape, one))) {
      for (const value of [{ x: secret() }, secret(), null]) {
        const text = JSON.stringify(good).replace('{', `{${JSON.stringify(field)}:${JSON.stringify(value)},`);
        await watch.refused(text, { status: 400, code: 'VALIDATION_FAILED' });
      }
    }
  });

  test('a field that is missing or of another type is named with its rule, never its value', async () => {
    for (const field of ['name', ...Object.keys(facts.body.shape)]) {
      const { [field]: _, ...without } = deployment.cloud(name).bodies.example;
      const isOptional = field !== 'name' && facts.body.safeParse(without).success;
      const values = [...(isOptional ? [] : [undefined]), null, 7, {}, [], [good[field]], { value: good[field] }, true];
      for (const value of values) {
        const answer = await watch.refused(
          { ...good, [field]: value },
          { status: 400, code: 'VALIDATION_FAILED', unsaid: [secret()] },
        );
        expect(answer.text).toContain(field);
      }
    }
  });

  test('names that are none', async () => {
    const names = [
      '',
      ' ',
      ' \t ',
      '\u00a0\u3000',
      'x'.repeat(256),
      '🦊'.repeat(256),
      'a\u0000b',
      'a\r\nb',
      'a\nb',
      'a\u001bb',
      'a\u007fb',
      'a\u0085b',
      'a\u202eb',
      'a\u2066b',
      'a\u200fb',
      'a\u2028b',
      '\ud800',
      'a\udc00b',
    ];
    for (const one of names) {
      await watch.refused({ ...good, name: one }, { status: 400, code: 'VALIDATION_FAILED', unsaid: [one] });
    }
  });

  test('its name in capitals, with a blank or with more behind it is no cloud', async () => {
    const missing = await deployment.call('GET', '/99');
    for (const path of [
      name.toUpperCase(),
      `${name}%20`,
      `%20${name}`,
      `${name}%00`,
      `${name}%2Fx`,
      `${name}/connect`,
    ]) {
      watch.remember(good);
      const before = await deployment.items();
      const answer = await deployment.call('POST', `/${path}/connect`, { body: good });
      expect([path, answer.status, answer.text]).toEqual([path, 404, missing.text]);
      expect(await deployment.items()).toEqual(before);
    }
  });

  test('a viewer may not, a bad token may not, and neither gets as far as the body', async () => {
    const viewer = { claims: { role: 'viewer' } };
    await watch.refused(good, { status: 403, code: 'FORBIDDEN' }, viewer);
    await watch.refused('{', { status: 403, code: 'FORBIDDEN' }, viewer);
    await watch.refused(good, { status: 401, code: 'UNAUTHORIZED' }, { token: null });
    await watch.refused('{', { status: 401, code: 'UNAUTHORIZED' }, { token: 'x.y.z' });
  });

  test('with its cloud down, hanging or throttling it is 503 with Retry-After, and no word on the credentials', async () => {
    const cloud = deployment.cloud(name);
    const made = () => Object.keys(deployment.twin.secretCalls()).length;
    const before = [await deployment.items(), made()];
    for (const fault of ['down', 'hang', 'throttle']) {
      cloud.turn({ [fault]: [{}] });
      const answer = await deployment.call('POST', `/${name}/connect`, { body: good });
      cloud.turn({ [fault]: [] });
      expect([fault, answer.status, answer.json]).toEqual([
        fault,
        503,
        expect.objectContaining({ code: 'PROVIDER_UNAVAILABLE' }),
      ]);
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(watch.leaked(answer.text)).toEqual([]);
    }
    expect([await deployment.items(), made()]).toEqual(before);
  });
});

describe.each(others.map((facts) => [facts.name, facts] as const))('%s, taken', (name, facts) => {
  const label = '<img src=x onerror=alert(1)> "&\' {{7*7}} \\n %00 名前 🦊';
  const tenant = (who: string) => ({ claims: { tenant: `${who}-${name}` } });
  const body = () => ({ name: label, ...deployment.cloud(name).bodies.example });
  const secretsMade = () =>
    Object.keys(deployment.twin.secretCalls()).filter((call) => call.startsWith('CreateSecret')).length;

  test('a name with markup is returned as it is, as JSON that no browser takes for a page', async () => {
    const answer = await deployment.call('POST', `/${name}/connect`, { ...tenant('markup'), body: body() });
    expect(answer).toMatchObject({ status: 201, json: { name: label, type: name, status: 'syncing' } });
    expect(answer.headers.get('content-type')).toContain('application/json');
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    await deployment.twin.idle();
    expect((await deployment.call('GET', '/', tenant('markup'))).json).toMatchObject([{ name: label }]);
  });

  test('ten connects of one account at once: one 201, nine 409, one secret; and again, 409', async () => {
    const before = secretsMade();
    const send = (sent: object) => deployment.call('POST', `/${name}/connect`, { ...tenant('racing'), body: sent });
    const connect = () => send(body());
    await Promise.all([1, 2, 3].map(() => send({})));
    const answers = await Promise.all(Array.from({ length: 10 }, connect));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array.from({ length: 9 }, () => 409)]);
    expect(await connect()).toMatchObject({ status: 409, json: { code: 'ACCOUNT_ALREADY_CONNECTED' } });
    await deployment.twin.idle();
    expect(secretsMade() - before).toBe(1);
    expect((await deployment.call('GET', '/', tenant('racing'))).json).toMatchObject([{ status: 'synced' }]);
  });

  test('a refusal is remembered under its Idempotency-Key as little as a credential is', async () => {
    const keyed = (sent: object) =>
      deployment.call('POST', `/${name}/connect`, {
        ...tenant('careful'),
        body: sent,
        headers: { 'idempotency-key': 'k-1' },
      });
    const watch = refusalsOf(deployment, name);
    for (const field of facts.secretFields) watch.remember(Reflect.get(body(), field));
    expect((await keyed(body())).status).toBe(201);
    expect(await keyed({ ...body(), name: 'Other' })).toMatchObject({
      status: 422,
      json: { code: 'IDEMPOTENCY_KEY_REUSED' },
    });
    await deployment.twin.idle();
    expect(watch.leaked(JSON.stringify(await deployment.items()))).toEqual([]);
    expect(await watch.found()).toEqual([]);
  });

  test('a disconnect in the middle of a sync stands, and no call with those credentials comes after it', async () => {
    const who = tenant('leaving');
    const cloud = deployment.cloud(name);
    // What is due of the others is read now, so that whatever is called below is called for this one.
    await deployment.twin.tick();
    await deployment.twin.idle();
    cloud.turn({ latencyMs: 500 });
    const answer = await deployment.call('POST', `/${name}/connect`, { ...who, body: body() });
    expect(answer.status).toBe(201);
    const before = cloud.calls().length;
    await expect.poll(() => cloud.calls().length, { timeout: 30_000, interval: 5 }).toBeGreaterThan(before);
    expect((await deployment.call('DELETE', '/1', who)).status).toBe(204);
    await deployment.twin.idle();
    const calls = cloud.calls().length;
    cloud.turn({ latencyMs: 0 });
    expect(await deployment.call('POST', '/1/sync', who)).toMatchObject({ status: 404 });
    await deployment.twin.tick();
    await deployment.twin.idle();
    expect(cloud.calls().length).toBe(calls);
    expect((await deployment.call('GET', '/1', who)).status).toBe(404);
    expect(await deployment.call('GET', '/1/jobs', who)).toMatchObject({ json: [{ status: 'cancelled' }] });
  });
});
