import type { CloudSession, Collector, Quota } from '../../../functions/domain/cloud.ts';
import type { Clock } from '../../../functions/domain/ports.ts';

/** A session each call of which takes so many milliseconds of a clock, under these quotas. */
export function timedSession(
  session: CloudSession,
  clock: Clock,
  milliseconds: number,
  quota: (service: string) => Quota | undefined,
): CloudSession & { close(): void } {
  return {
    classify: (error, collector) => session.classify(error, collector),
    quota,
    close: () => undefined,
    async collector(name, scope): Promise<Collector> {
      const one = await session.collector(name, scope);
      return {
        ...one,
        async page(token) {
          await clock.sleep(milliseconds);
          const page = await one.page(token);
          const details = page.details.map((detail) => async () => {
            await clock.sleep(milliseconds);
            return detail();
          });
          return { ...page, details };
        },
      };
    },
  };
}
