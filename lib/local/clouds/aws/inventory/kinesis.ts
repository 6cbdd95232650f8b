import type { StreamSummary } from '@aws-sdk/client-kinesis';
import { byBusiness, type Kind } from './kind.ts';

export const streams: Kind<StreamSummary> = {
  name: 'kinesis_stream',
  global: false,
  count: byBusiness([0, 0, 1, 3]),
  make({ account, region, index, random }) {
    const name = `stream-${String(index).padStart(5, '0')}-${random.hex(4)}`;
    const arn = `arn:aws:kinesis:${region}:${account.accountId}:stream/${name}`;
    const item: StreamSummary = {
      StreamName: name,
      StreamARN: arn,
      StreamStatus: index % 3 === 2 ? 'UPDATING' : 'ACTIVE',
      StreamModeDetails: { StreamMode: random.pick('ON_DEMAND', 'PROVISIONED') },
      StreamCreationTimestamp: random.date(),
    };
    return { type: 'kinesis_stream', arn, item };
  },
  // As one that was deleted and made again.
  alter: (item, turn) => ({ ...item, StreamCreationTimestamp: new Date(Date.UTC(2026, 0, turn)) }),
};
