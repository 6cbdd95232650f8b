import { expect, test } from 'vitest';
import { packTasks } from '../../../functions/domain/packing.ts';

const collector = (name: string, service: string, scope: string) => ({
  name,
  service,
  scope,
  types: [name],
  permissions: [],
});
const regions = Array.from({ length: 17 }, (_, n) => `region-${n}`);
const scopes = { byKind: { global: ['global'], region: regions } };
const collectors = [
  collector('vpc', 'ec2', 'region'),
  collector('subnet', 'ec2', 'region'),
  collector('lambda_function', 'lambda', 'region'),
  collector('s3_bucket', 's3', 'global'),
];

test('every collector is scanned once in every scope of its kind', () => {
  const scans = packTasks(collectors, scopes).flat();
  expect(scans).toHaveLength(17 * 3 + 1);
  expect(new Set(scans.map(([name, scope]) => `${scope}#${name}`)).size).toBe(17 * 3 + 1);
  expect(scans.filter(([name]) => name === 's3_bucket')).toEqual([['s3_bucket', 'global']]);
});

test('all scans of one service in one scope travel in one task', () => {
  const many = { byKind: { global: ['global'], region: Array.from({ length: 90 }, (_, n) => `region-${n}`) } };
  const tasks = packTasks(collectors, many);
  expect(tasks.length).toBeGreaterThan(1);
  for (const region of many.byKind.region) {
    const holding = tasks.filter((task) =>
      task.some(([name, scope]) => scope === region && name !== 'lambda_function'),
    );
    expect(holding).toHaveLength(1);
  }
});

test('tasks are about as long as one another, the longest first', () => {
  const many = { byKind: { global: ['global'], region: Array.from({ length: 90 }, (_, n) => `region-${n}`) } };
  const lengths = packTasks(collectors, many).map((task) => task.length);
  expect(Math.max(...lengths) - Math.min(...lengths)).toBeLessThanOrEqual(2);
  expect(lengths).toEqual([...lengths].sort((a, b) => b - a));
});

test('the same input gives the same plan, and no scans give no tasks', () => {
  expect(packTasks(collectors, scopes)).toEqual(packTasks([...collectors], { byKind: { ...scopes.byKind } }));
  expect(packTasks(collectors, { byKind: {} })).toEqual([]);
});
