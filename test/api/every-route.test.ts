import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Route, routes } from '../../functions/http/routes.ts';
import { clouds } from '../../functions/providers/registered.ts';
import { EXAMPLE_ACCOUNT } from '../../lib/local/clouds/aws/sample-aws.ts';
import { type Deployment, type RequestOptions, type Response, startDeployment } from '../support/deployment.ts';
import { nextQuery } from '../support/pages.ts';

/** What holds for each route of the registry, also for those that are added tomorrow. */
let deployment: Deployment;
const OTHER = { claims: { tenant: 'another' } };
const VIEWER = { claims: { role: 'viewer' as const } };
beforeAll(async () => {
  deployment = await startDeployment();
});
afterAll(() => deployment?.stop());

const registry: readonly Route[] = Object.values(routes);
const [cloud = ''] = Object.keys(clouds);
/** Paths in which one thing is there: a provider, its first job, a resource. */
let key = '';
const pathOf = ({ path }: Route, id = '1', job = '1', resource = key): string =>
  path
    .replace('{cloud}', cloud)
    .replace('{type}', cloud)
    .replace('{id}', id)
    .replace('{job_id}', job)
    .replace('{key}', resource)
    .replace(/\/$/, '');
const own = registry.filter((route) => route.public !== true);
const named = own.filter((route) => route.path.includes('{id}'));
const paged = own.filter((route) => 'cursor' in route.query.shape);
const send = (route: Route, path: string, options: RequestOptions = {}): Promise<Response> =>
  deployment.call(route.method, path, { ...(route.body === undefined ? {} : { body: {} }), ...options });
const nameOf = ({ method, path }: Route): string => `${method} ${path}`;

/** Everything that a refused call must leave as it was. */
const world = async () => ({
  items: await deployment.items(),
  secrets: Object.entries(deployment.twin.secretCalls()).filter(([name]) => !name.startsWith('GetSecretValue')),
});
async function refused<T>(act: () => Promise<T>): Promise<T> {
  const before = await world();
  const answer = await act();
  expect(await world()).toEqual(before);
  return answer;
}

test('two tenants have connected an account', async () => {
  for (const options of [{}, OTHER]) await deployment.connect(options);
  await deployment.twin.idle();
  // With it their costs, so that every list has more than one row.
  await deployment.twin.tick();
  await deployment.twin.idle();
  const list = await deployment.call('GET', '/1/resources?limit=1');
  key = /"key":"([^"]+)"/.exec(list.text)?.[1] ?? '';
  expect(key).not.toBe('');
});

describe('without a valid token', () => {
  const tokens: Readonly<Record<string, RequestOptions>> = {
    'no header': { token: null },
    'a bare word': { token: null, headers: { authorization: 'Bearer' } },
    'another scheme': { token: null, headers: { authorization: 'Basic YTpi' } },
    'no token at all': { token: 'x.y.z' },
    'an unsigned one': { token: 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.' },
  };
  test.each(own.map((route) => [nameOf(route), route] as const))('%s is 401 and does nothing', async (_, route) => {
    await refused(async () => {
      for (const [name, options] of Object.entries(tokens)) {
        const answer = await send(route, pathOf(route), options);
        expect([name, answer.status, answer.json]).toEqual([
          name,
          401,
          { error: 'A valid bearer token is required.', code: 'UNAUTHORIZED' },
        ]);
      }
    });
  });
});

describe('what is not there, or not the caller’s', () => {
  const ids = ['99', '0', '-1', '1e0', '01', '1.0', '9007199254740993', '%00', '..%2F1', ' 1', '１', '1'.repeat(2000)];
  test.each(named.map((route) => [nameOf(route), route] as const))('%s is one and the same 404', async (_, route) => {
    const missing = await deployment.call('GET', '/99');
    const places = [
      ...ids.map((id) => pathOf(route, id)),
      ...(route.path.includes('{job_id}') ? ids.map((job) => pathOf(route, '1', job)) : []),
      ...(route.path.includes('{key}') ? ids.map((one) => pathOf(route, '1', '1', one)) : []),
    ];
    await refused(async () => {
      for (const path of places) {
        const answer = await send(route, path);
        expect([path, answer.status, answer.text]).toEqual([path, 404, missing.text]);
      }
      const foreign = await send(route, pathOf(route), { claims: { tenant: 'a stranger' } });
      expect([foreign.status, foreign.text]).toEqual([404, missing.text]);
    });
  });
});

describe('roles', () => {
  test.each(own.map((route) => [nameOf(route), route] as const))(
    '%s is for those whom the registry names',
    async (_, route) => {
      const answer = await refused(() => send(route, pathOf(route), VIEWER));
      if (route.role === 'admin') expect(answer).toMatchObject({ status: 403, json: { code: 'FORBIDDEN' } });
      else expect(answer.status).toBe(200);
    },
  );

  test('every refused change has left an audit line, and no reading has', () => {
    const changing = own.filter((route) => route.role === 'admin');
    const wanted = changing.flatMap(({ audit }) => ['401', '403'].map((status) => `${audit} ${status}`));
    const lines = deployment.audit().map((line) => `${line.action} ${line.result}`);
    expect(lines).toEqual(expect.arrayContaining(wanted));
    const actions = new Set<unknown>(changing.map(({ audit }) => audit));
    expect(deployment.audit().filter((line) => !actions.has(line.action))).toEqual([]);
  });
});

describe('queries', () => {
  test.each(own.map((route) => [nameOf(route), route] as const))(
    '%s refuses a parameter that it does not know',
    async (_, route) => {
      await refused(async () => {
        for (const query of ['unknown=1', '__proto__=1', 'tenant=a']) {
          const answer = await send(route, `${pathOf(route)}?${query}`);
          expect([query, answer.status]).toEqual([query, 400]);
        }
      });
    },
  );

  test.each(paged.map((route) => [nameOf(route), route] as const))(
    '%s refuses limits and cursors that are none',
    async (_, route) => {
      const queries = [
        'limit=0',
        'limit=101',
        'limit=x',
        'limit=',
        'limit=1&limit=2',
        'limit=1e1',
        'limit=-1',
        'limit=01',
      ];
      const forged = Buffer.from(JSON.stringify({ at: ['x', 'y'], of: 'z' })).toString('base64url');
      for (const query of [
        ...queries,
        'cursor=x',
        'cursor=',
        `cursor=${forged}`,
        'cursor=%00',
        `cursor=${'x'.repeat(3000)}`,
      ]) {
        const answer = await send(route, `${pathOf(route)}?${query}`);
        expect([query.slice(0, 20), answer.status]).toEqual([query.slice(0, 20), 400]);
      }
    },
  );

  test('a cursor serves its own list only: not another one, nor another tenant’s, provider’s or query’s', async () => {
    // A second provider and a second job, so that every list has a second page but the one of changes, which is empty.
    deployment.aws.knobs({
      drop: [
        { type: 'vpc', region: 'us-east-1', index: 0 },
        { type: 'vpc', region: 'eu-west-1', index: 0 },
      ],
    });
    await deployment.call('POST', '/1/sync');
    const second = {
      name: 'Second',
      accessKeyId: EXAMPLE_ACCOUNT.accessKeyId,
      secretAccessKey: EXAMPLE_ACCOUNT.secretAccessKey,
      region: 'us-east-1',
    };
    await deployment.connect({ body: second });
    await deployment.twin.idle();
    const cursors = new Map<Route, string>();
    for (const route of paged) {
      const first = await send(route, `${pathOf(route)}?limit=1`);
      const cursor = new URLSearchParams(nextQuery(first)).get('cursor') ?? '';
      expect([nameOf(route), cursor]).not.toEqual([nameOf(route), '']);
      cursors.set(route, cursor);
    }
    for (const [route, cursor] of cursors) {
      const good = await send(route, `${pathOf(route)}?limit=1&cursor=${cursor}`);
      expect([nameOf(route), good.status]).toEqual([nameOf(route), 200]);
      const wrong: [string, RequestOptions][] = [
        ...paged.filter((other) => other !== route).map((other): [string, RequestOptions] => [pathOf(other), {}]),
        [pathOf(route), OTHER],
        ...(route.path.includes('{id}') ? [[pathOf(route, '2'), {}] satisfies [string, RequestOptions]] : []),
      ];
      for (const [path, options] of wrong) {
        const answer = await deployment.call('GET', `${path}?cursor=${cursor}`, options);
        expect([nameOf(route), path, answer.status]).toEqual([nameOf(route), path, 400]);
      }
      for (const filter of ['type', 'region', 'include', 'status'].filter((name) => name in route.query.shape)) {
        const value = filter === 'include' ? 'disconnected' : 'vpc';
        const answer = await send(route, `${pathOf(route)}?${filter}=${value}&cursor=${cursor}`);
        expect([nameOf(route), filter, answer.status]).toEqual([nameOf(route), filter, 400]);
      }
    }
  });
});
