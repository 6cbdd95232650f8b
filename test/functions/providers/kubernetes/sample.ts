import type { CloudSession, Collector, Failure } from '../../../../functions/domain/cloud.ts';
import type { Resource } from '../../../../functions/domain/resource.ts';
import { parseCredentials } from '../../../../functions/providers/kubernetes/kubeconfig.ts';
import { open } from '../../../../functions/providers/kubernetes/session.ts';
import { CLOUD_DEFAULTS, type LinkValue } from '../../../../functions/runtime/links.ts';
import { environmentOf } from '../../../../functions/runtime/settings.ts';

/** The deployment's settings for this process; those that are not named are the defaults. */
export function deploy(settings: Partial<LinkValue<'clouds'>>): void {
  Object.assign(process.env, environmentOf('clouds', { ...CLOUD_DEFAULTS, ...settings }));
}

/** Runs with a cluster opened by a kubeconfig, as collect opens it. */
export async function within<T>(kubeconfig: string, run: (session: CloudSession) => Promise<T>): Promise<T> {
  const session = open(parseCredentials({ kubeconfig }));
  try {
    return await run(session);
  } finally {
    session.close();
  }
}

/** All pages of one kind. */
export async function readAll(session: CloudSession, name: string): Promise<{ resources: Resource[]; pages: number }> {
  const collector = await session.collector(name, 'cluster');
  const resources: Resource[] = [];
  let [token, pages]: [string | undefined, number] = [undefined, 0];
  do {
    const page = await collector.page(token);
    resources.push(...page.resources);
    token = page.next;
    pages += 1;
  } while (token !== undefined);
  return { resources, pages };
}

/** What the first call of a kind fails with; undefined where it does not. */
export const failureOf = (kubeconfig: string, name: string, token?: string): Promise<Failure | undefined> =>
  within(kubeconfig, async (session) => {
    const collector: Collector = await session.collector(name, 'cluster');
    return collector.page(token).then(
      () => undefined,
      (error: unknown) => session.classify(error, collector),
    );
  });
