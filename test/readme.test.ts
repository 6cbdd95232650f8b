import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { eventSchemas } from '../functions/domain/events.ts';

const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8');

test('the event that the README shows has the shape of those that are published, and every kind is listed', () => {
  const blocks = [...readme.matchAll(/^```json\n([\s\S]*?)^```$/gm)].map(([, text = '']) => text);
  const shown = blocks.filter((text) => text.includes('"detail-type"')).map((text): unknown => JSON.parse(text));
  expect(shown).toHaveLength(1);
  const event = z.object({ 'detail-type': z.literal('SyncFinished'), detail: z.unknown() }).parse(shown[0]);
  expect(eventSchemas.SyncFinished.strict().safeParse(event.detail).error).toBeUndefined();
  for (const [name, schema] of Object.entries(eventSchemas)) {
    const [row = ''] = readme.match(new RegExp(`^\\| \`${name}\`.*$`, 'm')) ?? [];
    const common = ['version', 'id', 'time', 'tenant', 'provider_id', 'type'];
    const own = Object.keys(schema.shape).filter((field) => !common.includes(field));
    for (const field of own) expect(row, name).toContain(`\`${field}\``);
  }
});
