import { describe, expect, test } from 'vitest';
import {
  absent,
  allOf,
  anyOf,
  below,
  type Condition,
  equal,
  holding,
  present,
} from '../../functions/domain/conditions.ts';
import type { Table } from '../../functions/domain/ports.ts';

/** What every table must do, the real one and its twin. Each test has a partition of its own. */
export function tableContract(name: string, table: () => Table): void {
  describe(`the table contract: ${name}`, () => {
    let count = 0;
    const newPk = (): string => `${name}#${++count}`;
    const key = (pk: string, sk = 'a') => ({ pk, sk });

    test('an item that was never written is undefined', async () => {
      expect(await table().get(key(newPk()))).toBeUndefined();
    });

    test('an update makes the item, keeps attributes it does not name, and gives the item after it', async () => {
      const pk = newPk();
      const first = await table().update(key(pk), {
        set: { text: 'x', number: 1.5, yes: true, list: ['a'], map: { b: 1 } },
      });
      expect(first).toEqual({
        applied: true,
        item: { pk, sk: 'a', text: 'x', number: 1.5, yes: true, list: ['a'], map: { b: 1 } },
      });
      const second = await table().update(key(pk), { set: { number: 2 }, remove: ['text', 'never'] });
      expect(second.item).toEqual({ pk, sk: 'a', number: 2, yes: true, list: ['a'], map: { b: 1 } });
      expect(await table().get(key(pk))).toEqual(second.item);
    });

    test('undefined values are left out, at any depth', async () => {
      const pk = newPk();
      const { item } = await table().update(key(pk), { set: { none: undefined, map: { none: undefined, some: 1 } } });
      expect(item).toEqual({ pk, sk: 'a', map: { some: 1 } });
    });

    test('bytes and number sets come back as what they were', async () => {
      const pk = newPk();
      await table().update(key(pk), { set: { bytes: new Uint8Array([0, 255, 7]), numbers: new Set([3, 1]) } });
      const item = await table().get(key(pk));
      expect(item?.bytes).toBeInstanceOf(Uint8Array);
      expect([...(item?.bytes instanceof Uint8Array ? item.bytes : [])]).toEqual([0, 255, 7]);
      expect(item?.numbers).toEqual(new Set([1, 3]));
    });

    test('what was given and what was got are copies', async () => {
      const pk = newPk();
      const list = ['a'];
      const { item } = await table().update(key(pk), { set: { list } });
      list.push('b');
      if (Array.isArray(item?.list)) item.list.push('c');
      expect(await table().get(key(pk))).toEqual({ pk, sk: 'a', list: ['a'] });
    });

    test('setOnce sets only what is absent, and add begins at 0', async () => {
      const pk = newPk();
      await table().update(key(pk), { setOnce: { first: 'x' }, add: { n: 2 } });
      const { item } = await table().update(key(pk), { setOnce: { first: 'y' }, add: { n: 3 } });
      expect(item).toEqual({ pk, sk: 'a', first: 'x', n: 5 });
    });

    test('a number set from which the last number is taken is gone', async () => {
      const pk = newPk();
      await table().update(key(pk), { set: { pending: new Set([1, 2]) } });
      const one = await table().update(key(pk), { takeOut: { pending: 1 }, condition: holding('pending', 1) });
      expect(one.item?.pending).toEqual(new Set([2]));
      const refused = await table().update(key(pk), { takeOut: { pending: 1 }, condition: holding('pending', 1) });
      expect(refused).toEqual({ applied: false, item: { pk, sk: 'a', pending: new Set([2]) } });
      const last = await table().update(key(pk), { takeOut: { pending: 2 }, condition: holding('pending', 2) });
      expect(last).toEqual({ applied: true, item: { pk, sk: 'a' } });
    });

    test('an empty set is refused', async () => {
      await expect(table().update(key(newPk()), { set: { pending: new Set<number>() } })).rejects.toThrow();
    });

    test('a condition that refuses changes nothing and gives the item as it stands', async () => {
      const pk = newPk();
      expect(await table().update(key(pk), { set: { n: 1 }, condition: present('n') })).toEqual({
        applied: false,
        item: undefined,
      });
      await table().update(key(pk), { set: { n: 1 }, condition: absent('pk') });
      expect(await table().update(key(pk), { set: { n: 2 }, condition: absent('pk') })).toEqual({
        applied: false,
        item: { pk, sk: 'a', n: 1 },
      });
    });

    test('a blind update gives nothing back where it is applied, and the item where it is refused', async () => {
      const pk = newPk();
      expect(await table().update(key(pk), { set: { n: 1 }, blind: true })).toEqual({ applied: true, item: {} });
      expect(await table().update(key(pk), { set: { n: 2 }, condition: equal('n', 5), blind: true })).toEqual({
        applied: false,
        item: { pk, sk: 'a', n: 1 },
      });
    });

    test('conditions compare as DynamoDB does', async () => {
      const pk = newPk();
      await table().update(key(pk), { set: { text: 'b', n: 10 } });
      const holds = async (condition: Condition): Promise<boolean> =>
        (await table().update(key(pk), { set: { seen: true }, condition })).applied;
      expect(await holds(below('n', 11))).toBe(true);
      expect(await holds(below('n', 10))).toBe(false);
      expect(await holds(below('n', '99'))).toBe(false);
      expect(await holds(below('missing', 'z'))).toBe(false);
      expect(await holds(below('text', 'ba'))).toBe(true);
      expect(await holds(below('text', 'b'))).toBe(false);
      expect(await holds(equal('n', '10'))).toBe(false);
      expect(await holds(allOf(present('n'), anyOf(absent('n'), equal('n', 10))))).toBe(true);
      expect(await holds(allOf(present('n'), anyOf(absent('n'), equal('n', 11))))).toBe(false);
    });

    test('a removal can be refused, and one of nothing is applied', async () => {
      const pk = newPk();
      await table().update(key(pk), { set: { owner: 1 } });
      expect(await table().remove(key(pk), equal('owner', 2))).toEqual({
        applied: false,
        item: { pk, sk: 'a', owner: 1 },
      });
      expect(await table().remove(key(pk), equal('owner', 1))).toEqual({ applied: true, item: {} });
      expect(await table().get(key(pk))).toBeUndefined();
      expect(await table().remove(key(pk))).toEqual({ applied: true, item: {} });
      expect(await table().remove(key(pk), equal('owner', 1))).toEqual({ applied: false, item: undefined });
    });

    test('a query gives the rows that begin so, in the order of their bytes, either way', async () => {
      const pk = newPk();
      for (const sk of ['x#b', 'x#a', 'y#a', 'x#\u{1f600}', 'x#\uff41', 'x'])
        await table().update(key(pk, sk), { set: { n: 1 } });
      const sks = async (query: object): Promise<unknown[]> =>
        (await table().query({ pk, ...query })).items.map(({ sk }) => sk);
      expect(await sks({ beginning: 'x#' })).toEqual(['x#a', 'x#b', 'x#\uff41', 'x#\u{1f600}']);
      expect(await sks({ beginning: 'x#', newestFirst: true, limit: 1 })).toEqual(['x#\u{1f600}']);
      expect(await sks({})).toHaveLength(6);
      expect(await sks({ beginning: 'x#', after: 'x#b' })).toEqual(['x#\uff41', 'x#\u{1f600}']);
      expect(await sks({ beginning: 'x#', after: 'x#b', newestFirst: true })).toEqual(['x#a']);
    });

    test('a query that is limited says where to go on', async () => {
      const pk = newPk();
      for (const sk of ['a', 'b', 'c']) await table().update(key(pk, sk), { set: { n: 1 } });
      const first = await table().query({ pk, limit: 2 });
      expect(first.items.map(({ sk }) => sk)).toEqual(['a', 'b']);
      expect(first.next).toBe('b');
      const rest = await table().query({ pk, limit: 2, after: first.next });
      expect(rest.items.map(({ sk }) => sk)).toEqual(['c']);
      expect(rest.next).toBeUndefined();
    });

    test('a query for some attributes gives only those', async () => {
      const pk = newPk();
      await table().update(key(pk), { set: { stamp: '1', doc: 'long', v: 1 } });
      expect((await table().query({ pk, attributes: ['sk', 'stamp', 'missing'] })).items).toEqual([
        { sk: 'a', stamp: '1' },
      ]);
    });

    test('a query stops at a megabyte and goes on behind it', async () => {
      const pk = newPk();
      for (const sk of ['a', 'b', 'c', 'd']) {
        await table().update(key(pk, sk), { set: { doc: new Uint8Array(390 * 1024) }, blind: true });
      }
      const first = await table().query({ pk });
      expect(first.items).toHaveLength(3);
      const rest = await table().query({ pk, after: first.next });
      expect(rest.items.map(({ sk }) => sk)).toEqual(['d']);
    });

    test('an item over 400 KB is refused', async () => {
      await expect(
        table().update(key(newPk()), { set: { doc: new Uint8Array(410 * 1024) }, blind: true }),
      ).rejects.toThrow();
    });

    test('many items come in the order of their keys, missing ones as undefined', async () => {
      const pk = newPk();
      for (const sk of ['a', 'c']) await table().update(key(pk, sk), { set: { n: sk } });
      const items = await table().getMany([key(pk, 'c'), key(pk, 'b'), key(pk, 'a')]);
      expect(items.map((item) => item?.n)).toEqual(['c', undefined, 'a']);
      expect(await table().getMany([])).toEqual([]);
    });

    test('the due index holds whoever has a time, oldest first, and forgets who has none any more', async () => {
      const shard = newPk();
      const at = (minute: number): string => `2031-01-01T00:0${minute}:00.000Z`;
      const due = (limit = 10) => table().due(shard, at(5), limit);
      await table().update(key(shard, 'late'), { set: { due_pk: shard, due_at: at(4) } });
      await table().update(key(shard, 'soon'), { set: { due_pk: shard, due_at: at(1) } });
      await table().update(key(shard, 'later'), { set: { due_pk: shard, due_at: at(7) } });
      await table().update(key(shard, 'never'), { set: { n: 1 } });
      const [soon, late] = [key(shard, 'soon'), key(shard, 'late')];
      await expect.poll(() => due()).toEqual([soon, late]);
      expect(await due(1)).toEqual([soon]);
      await table().update(soon, { remove: ['due_pk', 'due_at'] });
      await table().update(late, { set: { due_at: at(5) } });
      await expect.poll(() => due()).toEqual([late]);
      await table().remove(late);
      await expect.poll(() => due()).toEqual([]);
    });
  });
}
