import { expect, test } from 'vitest';
import { isStillGood, packTasks } from '../../../functions/domain/packing.ts';

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
  expect(scans.filter(([name]) => name === 's3_bucket')).toMatchObject([['s3_bucket', 'global', expect.any(Number)]]);
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
  const tasks = packTasks(collectors, many);
  const lengths = tasks.map((task) => task.reduce((sum, [, , weight]) => sum + weight, 0));
  expect(Math.max(...lengths) / Math.min(...lengths)).toBeLessThan(1.1);
  expect(lengths).toEqual([...lengths].sort((a, b) => b - a));
  for (const task of tasks) {
    const weights = task.map(([, , weight]) => weight);
    expect(weights).toEqual([...weights].sort((a, b) => b - a));
  }
});

test('what a scan took last time decides where it goes, and a plan is only replaced when that differs enough', () => {
  const first = packTasks(collectors, scopes);
  const slow = new Map([['region-3#lambda_function', 60_000]]);
  const next = packTasks(collectors, scopes, slow);
  expect(next[0]?.[0]).toEqual(['lambda_function', 'region-3', 60_000]);
  expect(isStillGood(first, next)).toBe(false);
  expect(isStillGood(first, first)).toBe(true);
  expect(isStillGood(next, packTasks(collectors, scopes, new Map([['region-3#lambda_function', 65_000]])))).toBe(true);
  expect(isStillGood(first, packTasks(collectors.slice(1), scopes))).toBe(false);
});

test('a sync that takes minutes is cut into more tasks than a short one, however many its scans', () => {
  const hours = new Map(Array.from({ length: 17 }, (_, n) => [`region-${n}#vpc`, 600_000]));
  expect(packTasks(collectors, scopes).length).toBe(3);
  expect(packTasks(collectors, scopes, hours).length).toBe(8);
});

test('the same input gives the same plan, and no scans give no tasks', () => {
  expect(packTasks(collectors, scopes)).toEqual(packTasks([...collectors], { byKind: { ...scopes.byKind } }));
  expect(packTasks(collectors, { byKind: {} })).toEqual([]);
});
