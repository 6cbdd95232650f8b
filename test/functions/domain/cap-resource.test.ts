import { expect, test } from 'vitest';
import { capResource } from '../../../functions/domain/cap-resource.ts';
import { type Resource, resourceSchema } from '../../../functions/domain/resource.ts';

const resource = (more: Partial<Resource> = {}): Resource => ({
  external_id: 'arn:aws:ec2:eu-west-1:111122223333:vpc/vpc-1',
  name: 'größe 🚀',
  type: 'vpc',
  region: 'eu-west-1',
  status: 'active',
  tags: { z: '1', a: '' },
  configuration: { cidr: '10.0.0.0/16', rules: 3, groups: ['sg-1'] },
  ...more,
});

test('what is within bounds stays as it is', () => {
  expect(capResource(resource())).toEqual(resource());
});

test('10,000 tags, a NUL in a name and a 400 KB configuration are cut and flagged, and still parse', () => {
  const tags = Object.fromEntries(Array.from({ length: 10_000 }, (_, n) => [`key-${n}`, 'v']));
  const cases = [
    resource({ tags }),
    resource({ name: 'a\u0000b\nc' }),
    resource({ configuration: { text: 'x'.repeat(400_000) } }),
    resource({ configuration: { list: Array.from({ length: 5000 }, () => 'y'.repeat(1000)) } }),
    resource({ configuration: Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`k${n}`, 'x'.repeat(1000)])) }),
    resource({ name: '🚀'.repeat(1000) }),
  ];
  for (const one of cases) {
    const capped = resourceSchema.parse(capResource(one));
    expect(capped.configuration.truncated).toBe(true);
    expect(Buffer.byteLength(JSON.stringify(capped))).toBeLessThan(64 * 1024);
    expect(capped.name.isWellFormed()).toBe(true);
    expect(capped.name).not.toMatch(/\p{Cc}/u);
    expect(capped.external_id).toBe(one.external_id);
  }
});

test('the same oversize resource is always cut to the same', () => {
  const tags = Object.fromEntries(Array.from({ length: 200 }, (_, n) => [`key-${n}`, 'v']));
  const reversed = Object.fromEntries(Object.entries(tags).reverse());
  expect(capResource(resource({ tags }))).toEqual(capResource(resource({ tags: reversed })));
});
