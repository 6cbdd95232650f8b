import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import * as z from 'zod';
import type { Value } from '../../../functions/domain/conditions.ts';
import type { Key } from '../../../functions/domain/keys.ts';
import type { Change, Written } from '../../../functions/domain/ports.ts';
import { TableStore } from '../../simulation/memory/table-store.ts';

type Item = ReturnType<TableStore['get']>;

const ITEMS = 'items';
const itemsSchema = z.array(
  z.tuple([z.object({ pk: z.string(), sk: z.string() }), z.record(z.string(), z.custom<Value>())]),
);

/**
 * A table whose fingerprints are in files: they are DynamoDB's to hold, not the process's whose memory is measured. Once
 * it was saved, another process can go on with it.
 */
export class FiledTable extends TableStore {
  readonly #folder: string;
  #files: number;

  /** @param folder of its own; empty, or as an earlier table left it. */
  constructor(folder: string) {
    super();
    this.#folder = folder;
    this.#files = readdirSync(folder).length;
    const saved = join(folder, ITEMS);
    if (!existsSync(saved)) return;
    for (const [key, set] of itemsSchema.parse(deserialize(readFileSync(saved)))) super.update(key, { set });
  }

  override update(key: Key, change: Change): Written {
    const prints = change.set?.prints;
    if (!(prints instanceof Uint8Array)) return super.update(key, change);
    this.#files += 1;
    const file = String(this.#files);
    writeFileSync(join(this.#folder, file), prints);
    return super.update(key, { ...change, set: { ...change.set, prints: Buffer.from(file) } });
  }

  override get(key: Key): Item {
    return this.#whole(super.get(key));
  }

  #whole(item: Item): Item {
    const file = item?.prints;
    if (item === undefined || !(file instanceof Uint8Array)) return item;
    return { ...item, prints: readFileSync(join(this.#folder, Buffer.from(file).toString())) };
  }

  /** Leaves everything in its folder. */
  save(): void {
    const items = [...this.all()].map(({ pk, sk, ...set }) => [{ pk, sk }, set]);
    writeFileSync(join(this.#folder, ITEMS), serialize(items));
  }
}
