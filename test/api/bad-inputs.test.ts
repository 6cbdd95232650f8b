import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EXAMPLE_ACCOUNT, MAIN_ACCOUNT, ROOT_ACCOUNT } from '../../lib/local/clouds/aws/sample-aws.ts';
import { type Deployment, mainBody, type Response, startDeployment } from '../support/deployment.ts';

/** What must be refused, by class; and that after every refusal nothing has happened. */
let deployment: Deployment;
beforeAll(async () => {
  deployment = await startDeployment();
});
afterAll(() => deployment?.stop());

const SECRET = MAIN_ACCOUNT.secretAccessKey;

/** All that a refused call must leave as it was. */
async function world() {
  const created = Object.entries(deployment.twin.secretCalls()).filter(([call]) => !call.startsWith('GetSecretValue'));
  const counts = deployment.twin.invocations();
  return { items: await deployment.items(), created, plans: counts['plan-sync'], collects: counts['collect-aws'] };
}

async function refused(act: () => Promise<Response>): Promise<Response> {
  const before = await world();
  const answer = await act();
  expect(await world()).toEqual(before);
  expect(answer.text).not.toContain(SECRET);
  return answer;
}

const post = (body: string | object, headers: Record<string, string> = {}) =>
  refused(() => deployment.call('POST', '/aws/connect', { body, headers }));

describe('framing of connect', () => {
  const rows: [string, string | object, Record<string, string>, number, string][] = [
    ['an empty body', '', {}, 400, 'INVALID_JSON'],
    ['an open brace', '{', {}, 400, 'INVALID_JSON'],
    ['an array', '[]', {}, 400, 'INVALID_JSON'],
    ['null', 'null', {}, 400, 'INVALID_JSON'],
    ['a string', '"x"', {}, 400, 'INVALID_JSON'],
    ['a number', '7', {}, 400, 'INVALID_JSON'],
    ['two objects', '{}{}', {}, 400, 'INVALID_JSON'],
    ['a comment', `{/* ${SECRET} */}`, {}, 400, 'INVALID_JSON'],
    ['a byte order mark and rubbish', '\ufeff{]', {}, 400, 'INVALID_JSON'],
    ['100,000 arrays deep', '['.repeat(100_000) + ']'.repeat(100_000), {}, 400, 'INVALID_JSON'],
    ['an object 20,000 deep', `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`, {}, 400, 'VALIDATION_FAILED'],
    ['text', mainBody, { 'content-type': 'text/plain' }, 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['a form', 'name=x', { 'content-type': 'application/x-www-form-urlencoded' }, 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['another kind of JSON', mainBody, { 'content-type': 'application/jsonp' }, 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['257 KB', { ...mainBody, name: 'x'.repeat(257 * 1024) }, {}, 413, 'BODY_TOO_LARGE'],
  ];
  for (const [name, body, headers, status, code] of rows) {
    test(`${name} is ${status} ${code}`, async () => {
      expect(await post(body, headers)).toMatchObject({ status, json: { code } });
    });
  }

  test('no Content-Type is 415', async () => {
    const token = await deployment.twin.token({ tenant: 'acme' });
    const status = await new Promise((done, fail) => {
      const sent = request(`${deployment.twin.apiUrl}/aws/connect`, { method: 'POST' }, (answer) => {
        answer.resume();
        done(answer.statusCode);
      });
      sent.on('error', fail);
      sent.setHeader('authorization', `Bearer ${token}`);
      sent.end(JSON.stringify(mainBody));
    });
    expect(status).toBe(415);
  });

  for (const field of [
    'id',
    'tenantId',
    'status',
    'secretArn',
    'endpoint',
    'sessionToken',
    '__proto__',
    'constructor',
  ]) {
    test(`the unknown field ${field} is refused`, async () => {
      const text = JSON.stringify(mainBody).replace('{', `{"${field}":{"x":"${SECRET}"},`);
      const answer = await post(text);
      expect(answer).toMatchObject({ status: 400, json: { code: 'VALIDATION_FAILED' } });
    });
  }

  for (const field of ['name', 'accessKeyId', 'secretAccessKey', 'region'] as const) {
    for (const value of [undefined, null, 7, {}, [SECRET], true]) {
      test(`${field} as ${JSON.stringify(value)?.slice(0, 10)} names the field and the rule, never the value`, async () => {
        const answer = await post({ ...mainBody, [field]: value });
        expect(answer).toMatchObject({ status: 400, json: { code: 'VALIDATION_FAILED' } });
        expect(answer.text).toContain(field);
      });
    }
  }

  const names = ['', ' ', ' \t ', 'x'.repeat(256), 'a\u0000b', 'a\r\nb', 'a\u202eb', 'a\u2066b', 'a\u2028b', '\ud800'];
  for (const name of names) {
    test(`the name ${JSON.stringify(name).slice(0, 12)} is refused`, async () => {
      expect(await post({ ...mainBody, name })).toMatchObject({ status: 400, json: { code: 'VALIDATION_FAILED' } });
    });
  }

  test('a cloud that is none, or in capitals, is not found', async () => {
    for (const path of ['/oracle/connect', '/AWS/connect', '/aws/connect/x', '/aws', '/connect']) {
      const answer = await refused(() => deployment.call('POST', path, { body: mainBody }));
      expect([path, answer.status]).toEqual([path, 404]);
    }
  });

  test('what is not ours is our 404, with a token and without', async () => {
    const paths: [string, string][] = [
      ['GET', '/1/nothing'],
      ['PUT', '/1'],
      ['PATCH', '/1'],
      ['POST', '/'],
      ['DELETE', '/'],
    ];
    for (const [method, path] of paths) {
      for (const token of [undefined, null]) {
        const answer = await refused(() => deployment.call(method, path, token === null ? { token } : {}));
        expect([method, path, answer.status, answer.json]).toEqual([
          method,
          path,
          404,
          { error: 'Not found.', code: 'NOT_FOUND' },
        ]);
      }
    }
  });
});

describe('AWS credentials', () => {
  const rows: [string, object, number, string][] = [
    ['an access key that is too short', { accessKeyId: 'AKIA123' }, 422, 'INVALID_CREDENTIAL'],
    ['an access key in lower case', { accessKeyId: MAIN_ACCOUNT.accessKeyId.toLowerCase() }, 422, 'INVALID_CREDENTIAL'],
    ['an access key with a line break', { accessKeyId: `${MAIN_ACCOUNT.accessKeyId}\n` }, 422, 'INVALID_CREDENTIAL'],
    ["a role's id", { accessKeyId: 'AROA1234567890ABCDEF' }, 422, 'INVALID_CREDENTIAL'],
    ['a temporary key without its token', { accessKeyId: 'ASIA1234567890ABCDEF' }, 422, 'INVALID_CREDENTIAL'],
    ['a secret of 5 characters', { secretAccessKey: 'short' }, 422, 'INVALID_CREDENTIAL'],
    ['a secret with CR and LF', { secretAccessKey: `${SECRET.slice(0, 38)}\r\n` }, 422, 'INVALID_CREDENTIAL'],
    ['an empty secret', { secretAccessKey: '' }, 422, 'INVALID_CREDENTIAL'],
    ['a region that is a host', { region: 'us-east-1.evil.com' }, 422, 'INVALID_REGION'],
    ['a region with a user', { region: 'x@evil.com' }, 422, 'INVALID_REGION'],
    ['a region of one letter', { region: 'A' }, 422, 'INVALID_REGION'],
    ['a region that does not exist', { region: 'us-east-9' }, 422, 'INVALID_REGION'],
    ['an empty region', { region: '' }, 422, 'INVALID_REGION'],
    ['a region with a slash', { region: 'us-east-1/' }, 422, 'INVALID_REGION'],
    ['China', { region: 'cn-north-1' }, 422, 'UNSUPPORTED_PARTITION'],
    ['GovCloud', { region: 'us-gov-west-1' }, 422, 'UNSUPPORTED_PARTITION'],
    ['a secret partition', { region: 'us-iso-east-1' }, 422, 'UNSUPPORTED_PARTITION'],
    ['a region that is not enabled', { region: 'af-south-1' }, 422, 'REGION_NOT_ENABLED'],
    ['a well-formed wrong key', { accessKeyId: 'AKIA0000000000000000' }, 422, 'CREDENTIALS_REJECTED'],
    [
      'a wrong key in a region that is not enabled',
      { accessKeyId: 'AKIA0000000000000000', region: 'af-south-1' },
      422,
      'CREDENTIALS_REJECTED',
    ],
    ['a wrong secret', { secretAccessKey: EXAMPLE_ACCOUNT.secretAccessKey }, 422, 'CREDENTIALS_REJECTED'],
    [
      "the root user's key",
      { accessKeyId: ROOT_ACCOUNT.accessKeyId, secretAccessKey: ROOT_ACCOUNT.secretAccessKey },
      422,
      'ROOT_CREDENTIALS',
    ],
  ];
  for (const [name, change, status, code] of rows) {
    test(`${name} is ${status} ${code}`, async () => {
      const answer = await post({ ...mainBody, ...change });
      expect(answer).toMatchObject({ status, json: { code } });
      for (const value of Object.values(change)) if (value.length > 3) expect(answer.text).not.toContain(value);
    });
  }

  test('STS that is down, throttles or does not answer is 503 with Retry-After, not "bad credentials"', async () => {
    const faults = [
      { down: [{ service: 'sts' }] },
      { hang: [{ service: 'sts' }] },
      { throttle: [{ service: 'sts', rate: 1 }] },
    ];
    for (const fault of faults) {
      deployment.aws.knobs(fault);
      const answer = await post(mainBody);
      deployment.aws.knobs({ down: [], hang: [], throttle: [] });
      expect(answer).toMatchObject({ status: 503, json: { code: 'PROVIDER_UNAVAILABLE' } });
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    }
  });
});

describe('get, delete and sync', () => {
  const ids = [
    '0',
    '-1',
    '1e3',
    '01',
    '1.0',
    '9007199254740993',
    '%00',
    '..%2F2',
    '1%2F',
    '+1',
    ' 1',
    '１',
    '1'.repeat(2000),
  ];
  for (const id of ids) {
    test(`the id ${id.slice(0, 20)} names no provider`, async () => {
      const missing = await deployment.call('GET', '/99');
      const before = await world();
      for (const [method, path] of [
        ['GET', ''],
        ['DELETE', ''],
        ['POST', '/sync'],
        ['GET', '/jobs/1'],
        ['GET', '/resources'],
      ] as const) {
        const answer = await deployment.call(method, `/${id}${path}`);
        expect([method, path, answer.status, answer.text]).toEqual([method, path, 404, missing.text]);
      }
      expect(await world()).toEqual(before);
    });
  }

  test('limits and cursors that are none are refused', async () => {
    const id = await deployment.connect();
    await deployment.twin.idle();
    const first = await deployment.call('GET', `/${id}/resources?limit=2`);
    const cursor = /cursor=([^>&]+)/.exec(first.headers.get('link') ?? '')?.[1] ?? '';
    expect(cursor).not.toBe('');
    const queries = [
      'limit=0',
      'limit=101',
      'limit=x',
      'limit=',
      'limit=1&limit=2',
      'limit=1e1',
      'limit=-1',
      'cursor=x',
      'cursor=',
      `cursor=${cursor.slice(1)}`,
      `cursor=${cursor}&cursor=${cursor}`,
      `type=vpc&cursor=${cursor}`,
      'unknown=1',
      '__proto__=1',
    ];
    for (const query of queries) {
      const answer = await refused(() => deployment.call('GET', `/${id}/resources?${query}`));
      expect([query, answer.status]).toEqual([query, 400]);
    }
    const list = await refused(() => deployment.call('GET', `/?cursor=${cursor}`));
    expect(list.status).toBe(400);
    const other = { claims: { tenant: 'other' } };
    const foreign = await deployment.connect({ ...other, body: mainBody });
    await deployment.twin.idle();
    const answer = await refused(() => deployment.call('GET', `/${foreign}/resources?limit=2&cursor=${cursor}`, other));
    expect(answer.status).toBe(400);
  });

  test('a body of sync that is no sync is refused', async () => {
    for (const body of ['[]', '{', { scope: 'all' }, { scope: 'failed', x: 1 }, { force: true }]) {
      const answer = await refused(() => deployment.call('POST', '/1/sync', { body }));
      expect(answer.status).toBe(400);
    }
  });

  test('a viewer may read and change nothing', async () => {
    const viewer = { claims: { role: 'viewer' } };
    expect((await deployment.call('GET', '/', viewer)).status).toBe(200);
    for (const [method, path, body] of [
      ['POST', '/aws/connect', mainBody],
      ['POST', '/1/sync', undefined],
      ['DELETE', '/1', undefined],
    ] as const) {
      const answer = await refused(() =>
        deployment.call(method, path, { ...viewer, ...(body === undefined ? {} : { body }) }),
      );
      expect(answer).toMatchObject({ status: 403, json: { code: 'FORBIDDEN' } });
    }
    expect(
      deployment
        .audit()
        .filter((line) => line.role === 'viewer')
        .map((line) => `${line.action} ${line.result}`),
    ).toEqual(['connect 403', 'sync 403', 'disconnect 403']);
  });
});

describe('at once', () => {
  test('twenty connects of one account: one 201, nineteen 409, one secret', async () => {
    const racing = { claims: { tenant: 'racing' } };
    const before = Object.keys(deployment.twin.secretCalls()).filter((call) => call.startsWith('CreateSecret')).length;
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => deployment.call('POST', '/aws/connect', { ...racing, body: mainBody })),
    );
    const statuses = answers.map((answer) => answer.status).sort();
    expect(statuses).toEqual([201, ...Array.from({ length: 19 }, () => 409)]);
    await deployment.twin.idle();
    const after = Object.keys(deployment.twin.secretCalls()).filter((call) => call.startsWith('CreateSecret')).length;
    expect(after - before).toBe(1);
    expect(await deployment.call('GET', '/', racing)).toMatchObject({ json: [{ status: 'synced' }] });
  });

  test('a hundred syncs: 202 each, one job', async () => {
    // The job cannot end while they come: nobody plans it.
    await deployment.twin.pause('plan-sync');
    const answers = await Promise.all(Array.from({ length: 100 }, () => deployment.call('POST', '/1/sync')));
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([202]));
    expect(new Set(answers.map((answer) => answer.text)).size).toBe(1);
    deployment.twin.resume('plan-sync');
    await deployment.twin.idle();
    expect(await deployment.call('GET', '/1')).toMatchObject({ json: { status: 'synced' } });
  });
});

describe('Idempotency-Key', () => {
  const keyed = (body: object, key: string, path = '/aws/connect') =>
    deployment.call('POST', path, { claims: { tenant: 'careful' }, body, headers: { 'idempotency-key': key } });

  test('the same key and body give the first answer again, another body is refused', async () => {
    const first = await keyed(mainBody, 'k-1');
    expect(first.status).toBe(201);
    const again = await keyed(mainBody, 'k-1');
    expect([again.status, again.text]).toEqual([201, first.text]);
    expect(await keyed({ ...mainBody, name: 'Other' }, 'k-1')).toMatchObject({
      status: 422,
      json: { code: 'IDEMPOTENCY_KEY_REUSED' },
    });
    await deployment.twin.idle();
    expect(await deployment.call('GET', '/', { claims: { tenant: 'careful' } })).toHaveProperty('json.length', 1);
    const job = await keyed({}, 's-1', '/1/sync');
    await deployment.twin.idle();
    const replayed = await keyed({}, 's-1', '/1/sync');
    expect([replayed.status, replayed.text]).toEqual([202, job.text]);
    expect((await keyed({ scope: 'failed' }, 's-1', '/1/sync')).status).toBe(422);
  });

  test('keys that are none are refused', async () => {
    for (const key of ['x'.repeat(256), 'a b', 'é']) {
      expect((await keyed(mainBody, encodeURI(key) === key || key.includes(' ') ? key : `\u00e9`)).status).toBe(400);
    }
  });

  test('what may differ next time is not remembered', async () => {
    deployment.aws.knobs({ down: [{ service: 'sts' }] });
    const body = {
      ...mainBody,
      accessKeyId: EXAMPLE_ACCOUNT.accessKeyId,
      secretAccessKey: EXAMPLE_ACCOUNT.secretAccessKey,
    };
    expect((await keyed(body, 'k-2')).status).toBe(503);
    deployment.aws.knobs({ down: [] });
    expect((await keyed(body, 'k-2')).status).toBe(201);
    await deployment.twin.idle();
  });
});
