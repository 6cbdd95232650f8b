import type { CloudSession, CollectorFacts } from '../../../functions/domain/cloud.ts';
import type { CollectingCloud, ConnectingCloud } from '../../../functions/providers/contract.ts';
import type { CloudName } from '../../../functions/providers/registered.ts';
import { CLOUD_DEFAULTS } from '../../../functions/runtime/links.ts';
import type { Secret } from '../../../functions/runtime/secret.ts';
import { environmentOf } from '../../../functions/runtime/settings.ts';
import type { SampleCall, SampleCloud } from '../../../lib/local/clouds/sample-cloud.ts';
import type { Held, ListShape } from '../list-calls.ts';
import type { DocumentedRate } from '../rig/timed-calls.ts';

/** One list that a scan reads. */
export interface ListToRead {
  readonly shape: ListShape;
  readonly held: Held;
  /** What the cloud counts its calls together by, in one scope; for a real session the service of its collectors. */
  readonly bucket: string;
}

type Session = CloudSession & { close(): void };

/** A cloud of one scope as the bench measures it: by its sample, and by what its own reference says of its calls. */
export interface BenchCloud {
  readonly name: CloudName;
  start(): Promise<SampleCloud>;
  /** The main account's own session, by the production code. */
  open(sample: SampleCloud): Promise<Session>;
  /** The same, but each answer is fetched once and kept as its client hands it over: for measures of our own code. */
  openKept(sample: SampleCloud): Promise<Session>;
  /** The lists that a scan has to read, each by the cloud's own page size. */
  lists(facts: CollectorFacts, held: Readonly<Record<string, readonly string[]>>): readonly ListToRead[];
  /** Calls that read nothing of the inventory: tokens, and the proof of the credentials at connect. */
  isBesides(call: SampleCall): boolean;
  /** Rates that the cloud documents, by bucket. */
  readonly rates: Readonly<Record<string, DocumentedRate>>;
  /** Calls that it may be asked at a time; absent: as many as there are lanes. */
  readonly atATime?: number;
}

/** Connects the main account, as connect does it. */
export async function connected<C>(
  sample: SampleCloud,
  connecting: ConnectingCloud<C>,
): Promise<{ readonly credentials: Secret<C>; readonly account: string }> {
  Object.assign(process.env, environmentOf('clouds', { ...CLOUD_DEFAULTS, ...sample.settings }));
  const credentials = connecting.parse(sample.bodies.main);
  return { credentials, ...(await connecting.prove(credentials)) };
}

/** Opens the main account as connect and collect do, one after the other. */
export async function opened<C>(
  sample: SampleCloud,
  connecting: ConnectingCloud<C>,
  collecting: CollectingCloud<C>,
): Promise<Session> {
  const { credentials, account } = await connected(sample, connecting);
  return collecting.open(collecting.decode(connecting.encode(credentials)), account);
}

/** Keeps what an act came to by its key, so that doing it again costs nothing. */
export function keeper<T>(): (key: string, act: () => Promise<T>) => Promise<T> {
  const kept = new Map<string, Promise<T>>();
  return (key, act) => {
    const answer = kept.get(key) ?? act();
    kept.set(key, answer);
    return answer;
  };
}

/** How many there are of all types. */
export const countOf = (held: Readonly<Record<string, readonly string[]>>): number =>
  Object.values(held).reduce((sum, ids) => sum + ids.length, 0);

/** Turns the sample's size so that its main account holds about so many resources. */
export function resize(sample: SampleCloud, resources: number): void {
  const at = (size: number): number => {
    sample.turn({ size });
    return countOf(sample.held());
  };
  const growing = (at(11) - at(1)) / 10;
  const fixed = at(1) - growing;
  sample.turn({ size: Math.max(1e-9, (resources - fixed) / growing) });
}
