import { armTypeOf } from './inventory/names.ts';
import type { Knobs } from './knobs.ts';

/** A wildcard of Azure's: anything, slashes too, in any case. */
function fits(pattern: string, action: string): boolean {
  const [first = '', ...rest] = pattern.toLowerCase().split('*');
  let left = action.toLowerCase();
  if (!left.startsWith(first)) return false;
  left = left.slice(first.length);
  const last = rest.pop();
  if (last === undefined) return left === '';
  for (const part of rest) {
    const at = left.indexOf(part);
    if (at < 0) return false;
    left = left.slice(at + part.length);
  }
  return left.length >= last.length && left.endsWith(last);
}

/** The roles as they stand, less the types that a knob denies. */
export const rolesOf = ({ roles, deny }: Pick<Knobs, 'roles' | 'deny'>): Knobs['roles'] =>
  roles.map(({ actions, notActions }) => ({
    actions,
    notActions: [...notActions, ...deny.flatMap(({ type }) => (type === undefined ? [] : [`${armTypeOf(type)}/read`]))],
  }));

/** Whether an action is allowed: by one role that gives it and does not take it back. */
export const allows = (knobs: Pick<Knobs, 'roles' | 'deny'>, action: string): boolean =>
  rolesOf(knobs).some(
    ({ actions, notActions }) =>
      actions.some((pattern) => fits(pattern, action)) && !notActions.some((pattern) => fits(pattern, action)),
  );
