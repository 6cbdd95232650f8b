import { type Route, routes } from '../../functions/http/routes.ts';
import { clouds } from '../../functions/providers/registered.ts';
import { type Stage, stages } from '../../functions/sync/stages.ts';

export type Group = 'api' | 'connect' | 'plan' | 'collect' | 'other stages';

/** A function that is deployed: its name in the stack, and the module of its handler, from the project's folder. */
export interface DeployedFunction {
  readonly name: string;
  readonly entry: string;
  readonly group: Group;
  /** Whether its bundle is in parts, loaded as needed. */
  readonly inParts: boolean;
}

/** Every route's and stage's function, named and placed as `lib/http-api.ts` and `lib/sync-pipeline.ts` do. */
export function deployedFunctions(): readonly DeployedFunction[] {
  const ofRoutes: readonly Route[] = Object.values(routes);
  const ofStages: readonly Stage[] = Object.values(stages);
  return [
    ...ofRoutes.flatMap((route) =>
      each('http', route.file, route.path.includes('{cloud}'), route.file === 'connect' ? 'connect' : 'api'),
    ),
    ...ofStages.flatMap((stage) => each('sync', stage.file, stage.perCloud === true, groupOf(stage.file))),
  ];
}

function each(folder: 'http' | 'sync', file: string, perCloud: boolean, group: Group): readonly DeployedFunction[] {
  if (!perCloud) return [{ name: file, entry: `functions/${folder}/${file}.ts`, group, inParts: false }];
  return Object.keys(clouds).map((cloud) => ({
    name: `${file}-${cloud}`,
    entry: `functions/providers/${cloud}/${file}.lambda.ts`,
    group,
    // As `lib/sync-pipeline.ts` has it.
    inParts: folder === 'sync',
  }));
}

function groupOf(file: string): Group {
  if (file === 'plan-sync') return 'plan';
  return file === 'collect' ? 'collect' : 'other stages';
}
