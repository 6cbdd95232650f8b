import * as z from 'zod';
import { type Mapped, state, time } from './mapping.ts';

/** The names under which Google's APIs tell a state, a time and labels; what is not text of a harmless form is left. */
const schema = z.object({
  state: z.unknown().optional(),
  status: z.unknown().optional(),
  lifecycleState: z.unknown().optional(),
  createTime: z.unknown().optional(),
  creationTimestamp: z.unknown().optional(),
  timeCreated: z.unknown().optional(),
  labels: z.unknown().optional(),
  metadata: z.unknown().optional(),
});
const STATE = /^[A-Z][A-Z_]{1,39}$/;
const labelsSchema = z.record(z.string(), z.string());
const metadataSchema = z.object({ labels: labelsSchema.optional(), creationTimestamp: z.string().optional() });

/**
 * What is kept of an asset whose type no mapping knows: state, creation and labels, beside its name and location. Its
 * data may hold anything, start-up scripts and passwords too, so nothing else of them is looked at.
 */
export function unlisted(data: unknown): Mapped {
  const parsed = schema.safeParse(data);
  if (!parsed.success) return { configuration: {} };
  const said = parsed.data;
  const word = [said.state, said.status, said.lifecycleState].find((one) => typeof one === 'string' && STATE.test(one));
  const metadata = metadataSchema.safeParse(said.metadata);
  const inMetadata = metadata.success ? metadata.data : {};
  const labels = labelsSchema.safeParse(said.labels);
  const made = [said.createTime, said.creationTimestamp, said.timeCreated, inMetadata.creationTimestamp];
  return {
    status: typeof word === 'string' ? state(word) : undefined,
    tags: labels.success ? labels.data : inMetadata.labels,
    createdAt: time(made.find((one) => typeof one === 'string')),
    configuration: {},
  };
}
