import { text } from 'node:stream/consumers';
import { connecting } from '../../../../functions/providers/azure/prove.ts';
import { collecting } from '../../../../functions/providers/azure/session.ts';

/** Proves, fails to prove and collects, in a process of its own whose output a test looks at. Its body is on stdin. */
const body = JSON.parse(await text(process.stdin));
const credentials = connecting.parse(body);
const { account } = await connecting.prove(credentials);
const wrong = connecting.parse({ ...body, clientId: body.tenantId });
const refused = await connecting.prove(wrong).catch((error: unknown) => error);
const session = collecting.open(credentials, account);
const collector = await session.collector('resource_graph', 'subscription');
const page = await collector.page('resources');
const costs = await collecting.openCosts?.(credentials, account);
const read = await costs?.page({ from: '2026-01-01', to: '2026-01-03' }, undefined, { calls: 0, bytes: 0 });
console.log('done', refused, credentials, page.resources.length, read?.rows.length);
session.close();
costs?.close();
