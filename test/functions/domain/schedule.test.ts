import { expect, test } from 'vitest';
import type { ProviderItem } from '../../../functions/domain/items.ts';
import { dueShard, dueShards, hashTenant } from '../../../functions/domain/keys.ts';
import { nextJobAt } from '../../../functions/domain/schedule.ts';

const HOUR = 3_600_000;
const provider: ProviderItem = {
  v: 1,
  tenant: 'acme',
  id: 1,
  cloud: 'aws',
  name: 'Production',
  account: '111122223333',
  state: 'connected',
  secret: 'aws/x',
  last_job: 1,
  interval_minutes: 360,
  status: 'synced',
  resource_count: 0,
  complete: true,
  created_at: '2026-01-01T00:00:00.000Z',
};
const refs = Array.from({ length: 400 }, (_, n) => ({
  tenant: hashTenant('https://issuer.example', `t${n}`),
  id: n + 1,
}));

test('the next sync is half an interval away at least, and one and a half at most', () => {
  for (const ref of refs) {
    for (const now of [0, 1, 1_790_000_000_000, 1_790_000_000_000 + 5 * HOUR]) {
      const wait = nextJobAt(ref, provider, 'inventory', now) - now;
      expect(wait).toBeGreaterThanOrEqual(3 * HOUR);
      expect(wait).toBeLessThanOrEqual(9 * HOUR);
    }
  }
});

test('a provider stays on its own raster, and providers are spread over the interval', () => {
  const now = 1_790_000_000_000;
  for (const ref of refs) {
    const first = nextJobAt(ref, provider, 'inventory', now);
    expect(nextJobAt(ref, provider, 'inventory', first) - first).toBe(6 * HOUR);
  }
  const slots = new Set(
    refs.map((ref) => Math.floor((nextJobAt(ref, provider, 'inventory', now) % (6 * HOUR)) / (HOUR / 4))),
  );
  expect(slots.size).toBe(24);
});

test('costs are read once a day, whatever the interval between syncs', () => {
  const now = 1_790_000_000_000;
  for (const ref of refs) {
    const first = nextJobAt(ref, { ...provider, interval_minutes: 15 }, 'costs', now);
    expect(first - now).toBeGreaterThanOrEqual(12 * HOUR);
    expect(nextJobAt(ref, provider, 'costs', first) - first).toBe(24 * HOUR);
  }
});

test('providers are spread over every shard of the due index', () => {
  expect(new Set(refs.map(dueShard))).toEqual(new Set(dueShards));
});
