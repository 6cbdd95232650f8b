import type { Schema } from '@smithy/types';
import type { Kind } from '../inventory/kind.ts';
import type { Operation } from './operation.ts';

/** A list as the services around databases page it: 20 to 100 records, and a marker that is absent on the last page. */
export const listOfRecords = <T>(name: string, schema: Schema, member: string, kind: Kind<T>): Operation => ({
  name,
  run(call) {
    const limits = {
      size: call.param('MaxRecords'),
      token: call.param('Marker'),
      least: 20,
      most: 100,
      otherwise: 100,
    };
    const { items, next } = call.page(call.items(kind), limits);
    return { schema, value: { [member]: items, Marker: next } };
  },
});
