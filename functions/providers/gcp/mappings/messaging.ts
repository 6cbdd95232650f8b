import * as z from 'zod';
import { known } from '../../../domain/resource.ts';
import { amount, fields, flag, labels, last, mapping, number, sealed, state, text, texts, time } from './mapping.ts';

/** @see https://cloud.google.com/artifact-registry/docs/reference/rest/v1/projects.locations.repositories */
export const repository = mapping(
  z.object({
    name: text,
    format: text,
    mode: text,
    createTime: text,
    labels,
    kmsKeyName: text,
    sizeBytes: amount,
    dockerConfig: z.object({ immutableTags: flag }).optional(),
    cleanupPolicies: z.record(z.string(), z.unknown()).optional(),
  }),
  (data) => ({
    name: last(data.name),
    tags: data.labels,
    createdAt: time(data.createTime),
    configuration: fields({
      format: data.format?.toLowerCase(),
      mode: data.mode?.toLowerCase(),
      size_bytes: number(data.sizeBytes),
      immutable_tags: known(data.dockerConfig?.immutableTags),
      cleanup_policies: Object.keys(data.cleanupPolicies ?? {}).length,
      ...sealed(data.kmsKeyName),
    }),
  }),
);

/** @see https://cloud.google.com/pubsub/docs/reference/rest/v1/projects.topics */
export const topic = mapping(
  z.object({
    name: text,
    labels,
    state: text,
    kmsKeyName: text,
    messageRetentionDuration: text,
    messageStoragePolicy: z.object({ allowedPersistenceRegions: texts }).optional(),
  }),
  (data) => ({
    name: last(data.name),
    status: state(data.state),
    tags: data.labels,
    configuration: fields({
      retention: data.messageRetentionDuration,
      regions: data.messageStoragePolicy?.allowedPersistenceRegions,
      ...sealed(data.kmsKeyName),
    }),
  }),
);

/**
 * A push endpoint's URL and attributes may carry a token: only that there is one is kept.
 * @see https://cloud.google.com/pubsub/docs/reference/rest/v1/projects.subscriptions
 */
export const subscription = mapping(
  z.object({
    name: text,
    topic: text,
    labels,
    state: text,
    ackDeadlineSeconds: amount,
    messageRetentionDuration: text,
    enableMessageOrdering: flag,
    pushConfig: z.object({ pushEndpoint: text }).optional(),
    bigqueryConfig: z.object({ state: text }).optional(),
    cloudStorageConfig: z.object({ state: text }).optional(),
    deadLetterPolicy: z.object({ deadLetterTopic: text }).optional(),
  }),
  (data) => ({
    name: last(data.name),
    status: state(data.state),
    tags: data.labels,
    configuration: fields({
      topic: last(data.topic),
      delivery: deliveryOf(data),
      ack_deadline_seconds: number(data.ackDeadlineSeconds),
      retention: data.messageRetentionDuration,
      ordered: known(data.enableMessageOrdering),
      dead_letter_topic: last(data.deadLetterPolicy?.deadLetterTopic),
    }),
  }),
);

function deliveryOf(data: {
  readonly pushConfig?: { readonly pushEndpoint?: string | undefined } | undefined;
  readonly bigqueryConfig?: unknown;
  readonly cloudStorageConfig?: unknown;
}): string {
  if ((data.pushConfig?.pushEndpoint ?? '') !== '') return 'push';
  if (data.bigqueryConfig !== undefined) return 'bigquery';
  return data.cloudStorageConfig === undefined ? 'pull' : 'storage';
}
