import type { Configuration, Resource } from './resource.ts';

/** Most tags a resource keeps; AWS allows 50. */
const MOST_TAGS = 64;
const LONGEST_TAG_KEY = 256;
const LONGEST_VALUE = 1024;
const LONGEST_ID = 2048;
/** Most entries of a list in a configuration. */
const MOST_ENTRIES = 100;
/** Bytes of JSON that a resource may come to, well below DynamoDB's 400 KB an item. */
const LARGEST = 32 * 1024;

const CONTROL = /\p{Cc}/gu;
const clean = (text: string, longest: number): string => {
  const cut = text.replaceAll(CONTROL, '').slice(0, longest);
  // A cut may halve a pair of surrogates.
  return cut.isWellFormed() ? cut : cut.toWellFormed();
};

/**
 * Brings what a cloud answered within what the table and a reader can bear: too many tags, control characters in a
 * name, an oversize configuration. What was cut is flagged by `truncated`.
 */
export function capResource(resource: Resource): Resource {
  const tags = Object.entries(resource.tags)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .slice(0, MOST_TAGS)
    .map(([key, value]) => [clean(key, LONGEST_TAG_KEY), clean(value, LONGEST_VALUE)]);
  const capped: Resource = {
    ...resource,
    external_id: clean(resource.external_id, LONGEST_ID),
    name: clean(resource.name, LONGEST_VALUE),
    region: clean(resource.region, LONGEST_VALUE),
    status: clean(resource.status, LONGEST_VALUE),
    tags: Object.fromEntries(tags),
    configuration: Object.fromEntries(
      Object.entries(resource.configuration).map(([key, value]) => [key, capValue(value)]),
    ),
  };
  const cut = JSON.stringify(capped) !== JSON.stringify({ ...resource, tags: sorted(resource.tags) });
  if (Buffer.byteLength(JSON.stringify(capped)) > LARGEST) {
    return { ...capped, tags: {}, configuration: { truncated: true } };
  }
  return cut ? { ...capped, configuration: { ...capped.configuration, truncated: true } } : capped;
}

const sorted = (tags: Resource['tags']): Resource['tags'] =>
  Object.fromEntries(Object.entries(tags).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));

function capValue(value: Configuration[string]): Configuration[string] {
  if (typeof value === 'string') return clean(value, LONGEST_VALUE);
  if (Array.isArray(value)) return value.slice(0, MOST_ENTRIES).map((entry) => clean(entry, LONGEST_VALUE));
  return value;
}
