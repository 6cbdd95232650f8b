import { KinesisClient, ListStreamsCommand } from '@aws-sdk/client-kinesis';
import * as z from 'zod';
import type { CollectorFacts } from '../../../domain/cloud.ts';
import { awsCollector, fields, time } from '../collector.ts';

export const facts = {
  name: 'kinesis_stream',
  service: 'kinesis',
  scope: 'region',
  types: ['kinesis_stream'],
  permissions: ['kinesis:ListStreams'],
} as const satisfies CollectorFacts;

/** @see https://docs.aws.amazon.com/kinesis/latest/APIReference/API_ListStreams.html */
export const collector = /* @__PURE__ */ awsCollector(facts, () => ({
  item: z.object({
    StreamARN: z.string(),
    StreamName: z.string(),
    StreamStatus: z.string().optional(),
    StreamCreationTimestamp: z.date().optional(),
    StreamModeDetails: z.object({ StreamMode: z.string().optional() }).optional(),
  }),
  async page(aws, token) {
    // By name: Kinesis's own tokens are good for five minutes, and who goes on may come later.
    const command = new ListStreamsCommand({ Limit: 100, ExclusiveStartStreamName: token });
    const answer = await aws.client(KinesisClient).send(command);
    // An answer of names alone is no description: it fails by its shape.
    const items = answer.StreamSummaries ?? answer.StreamNames;
    return { items, next: answer.HasMoreStreams === true ? answer.StreamNames?.at(-1) : undefined };
  },
  toResource: (item, { region }) => ({
    external_id: item.StreamARN,
    name: item.StreamName,
    region,
    status: (item.StreamStatus ?? 'unknown').toLowerCase(),
    tags: {},
    ...time(item.StreamCreationTimestamp),
    configuration: fields({
      capacity_mode: item.StreamModeDetails?.StreamMode,
      encrypted: 'unknown',
      encrypted_reason: 'the list of streams does not say',
    }),
  }),
}));
