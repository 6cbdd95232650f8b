import { ListStreamsOutput$ } from '@aws-sdk/client-kinesis';
import { streams } from '../inventory/kinesis.ts';
import { jsonRefusals } from './json-refusals.ts';
import { type Call, SampleError, type Service } from './operation.ts';

/** A stream's index out of its name, which begins so that names sort by it; -1 for a name that is not one of ours. */
const indexOf = (name: string): number => Number(/^stream-(\d+)-/.exec(name)?.[1] ?? -1);

function sizeOf(call: Call): number {
  const limit = Number(call.param('Limit') ?? 100);
  if (!Number.isInteger(limit) || limit < 1 || limit > 10_000) {
    throw new SampleError(400, 'ValidationException', 'The limit must be 1 to 10000.');
  }
  // However many are asked for, Kinesis answers 100 at most.
  return Math.min(100, limit);
}

/** It goes on from a token or, the older way, from a name. */
export const kinesis: Service = {
  ...jsonRefusals,
  name: 'kinesis',
  throttle: { status: 400, code: 'LimitExceededException' },
  operations: [
    {
      name: 'ListStreams',
      run(call) {
        const all = call.items(streams);
        const size = sizeOf(call);
        const start = call.param('NextToken') ?? call.param('ExclusiveStartStreamName');
        const from = start === undefined ? 0 : all.before(indexOf(start) + 1);
        const page = all.slice(from, from + size);
        const more = from + size < all.length;
        return {
          schema: ListStreamsOutput$,
          value: {
            StreamNames: page.map((one) => one.StreamName),
            HasMoreStreams: more,
            NextToken: more ? page.at(-1)?.StreamName : undefined,
            StreamSummaries: page,
          },
        };
      },
    },
  ],
};
