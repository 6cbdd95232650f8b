import type { RouteModel } from './model.ts';

/** The route that takes a request, and what its path's parameters hold. */
export interface MatchedRoute {
  readonly route: RouteModel;
  readonly path: string;
  readonly parameters: Readonly<Record<string, string>>;
}

interface Candidate {
  readonly route: RouteModel;
  readonly method: string;
  readonly segments: readonly string[];
}

/**
 * Finds routes as an HTTP API does: text beats a parameter in the same place, a method beats `ANY`, `$default` takes
 * what nobody else does. Greedy parameters (`{proxy+}`) are not among our routes and are refused.
 */
export class RouteTable {
  readonly #candidates: readonly Candidate[];
  readonly #fallback: RouteModel | undefined;

  constructor(routes: readonly RouteModel[]) {
    this.#fallback = routes.find(({ key }) => key === '$default');
    this.#candidates = routes
      .filter(({ key }) => key !== '$default')
      .map((route) => {
        const [method = '', path = ''] = route.key.split(' ');
        if (path.includes('+}')) throw new Error(`The local twin does not know greedy routes: ${route.key}`);
        return { route, method, segments: path.split('/') };
      })
      .sort((a, b) => (order(a) < order(b) ? -1 : 1));
  }

  /** @param path decoded, as `gatewayPath` gives it. */
  find(method: string, path: string): MatchedRoute | undefined {
    const segments = path.split('/');
    const match = this.#candidates.find(
      (each) =>
        (each.method === method || each.method === 'ANY') &&
        each.segments.length === segments.length &&
        each.segments.every((want, n) => (isParameter(want) ? segments[n] !== '' : want === segments[n])),
    );
    if (match === undefined) {
      return this.#fallback === undefined ? undefined : { route: this.#fallback, path, parameters: {} };
    }
    const parameters = match.segments.flatMap((want, n): [string, string][] =>
      isParameter(want) ? [[want.slice(1, -1), segments[n] ?? '']] : [],
    );
    return { route: match.route, path, parameters: Object.fromEntries(parameters) };
  }
}

const isParameter = (segment: string): boolean => segment.startsWith('{');

/** Sorts the more specific first: text before parameters from the left on, then a method before `ANY`. */
function order({ method, segments }: Candidate): string {
  return `${segments.map((segment) => (isParameter(segment) ? '1' : '0')).join('')}${method === 'ANY' ? '1' : '0'}`;
}
