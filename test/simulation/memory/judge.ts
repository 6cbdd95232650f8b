import type { Condition } from '../../../functions/domain/conditions.ts';
import { compareText, type Stored, sameValue } from './values.ts';

/** Whether a condition holds of an item; of one that is not there, too. */
export function holds(condition: Condition, item: Stored | undefined): boolean {
  switch (condition.is) {
    case 'absent':
      return item?.[condition.attribute] === undefined;
    case 'present':
      return item?.[condition.attribute] !== undefined;
    case 'equal': {
      const value = item?.[condition.attribute];
      return value !== undefined && sameValue(value, condition.value);
    }
    case 'below': {
      const value = item?.[condition.attribute];
      const than = condition.value;
      if (typeof value === 'string' && typeof than === 'string') return compareText(value, than) < 0;
      return typeof value === 'number' && typeof than === 'number' && value < than;
    }
    case 'holding': {
      const value = item?.[condition.attribute];
      return value instanceof Set && typeof condition.value === 'number' && value.has(condition.value);
    }
    case 'all':
      return condition.of.every((one) => holds(one, item));
    case 'any':
      return condition.of.some((one) => holds(one, item));
  }
}
