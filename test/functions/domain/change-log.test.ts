import { expect, test } from 'vitest';
import { fieldsChanged } from '../../../functions/domain/change-log.ts';
import type { Resource } from '../../../functions/domain/resource.ts';

const resource = (more: Partial<Resource> = {}): Resource => ({
  external_id: 'i-1',
  name: 'web',
  type: 'ec2_instance',
  region: 'eu-west-1',
  status: 'active',
  tags: { Team: 'a' },
  configuration: { size: 'large', groups: ['a', 'b'], public: 'no' },
  ...more,
});

test('a change names each field that differs, from what to what', () => {
  const after = resource({
    status: 'stopped',
    tags: { Team: 'b', Cost: '1' },
    configuration: { size: 'large', groups: ['a'], public: 'no' },
  });
  expect(fieldsChanged(resource(), after)).toEqual([
    { field: 'configuration.groups', from: ['a', 'b'], to: ['a'] },
    { field: 'status', from: 'active', to: 'stopped' },
    { field: 'tags.Cost', to: '1' },
    { field: 'tags.Team', from: 'a', to: 'b' },
  ]);
  expect(fieldsChanged(resource(), resource())).toEqual([]);
});

test('fields and values are capped, and a cut never halves a character', () => {
  const tags = Object.fromEntries(Array.from({ length: 60 }, (_, n) => [`t${String(n).padStart(2, '0')}`, 'x']));
  expect(fieldsChanged(resource({ tags: {} }), resource({ tags }))).toHaveLength(20);
  const [long] = fieldsChanged(resource(), resource({ name: `${'a'.repeat(255)}🚀🚀` }));
  expect(String(long?.to)).toMatch(/^a{255}.…$/u);
  expect(String(long?.to).isWellFormed()).toBe(true);
  const [list] = fieldsChanged(resource(), resource({ configuration: { groups: Array(200).fill('sg-1') } }));
  expect(String(list?.to).length).toBeLessThanOrEqual(257);
});
