import type { Condition, Value } from '../domain/conditions.ts';
import type { Change } from '../domain/ports.ts';

/** Collects the `#names` and `:values` of one request. */
export class Expressions {
  readonly names: Record<string, string> = {};
  readonly values: Record<string, Value> = {};
  #count = 0;

  name(attribute: string): string {
    const placeholder = `#${attribute}`;
    this.names[placeholder] = attribute;
    return placeholder;
  }

  value(value: Value): string {
    this.#count += 1;
    const placeholder = `:v${this.#count}`;
    this.values[placeholder] = value;
    return placeholder;
  }

  condition(condition: Condition): string {
    switch (condition.is) {
      case 'absent':
        return `attribute_not_exists(${this.name(condition.attribute)})`;
      case 'present':
        return `attribute_exists(${this.name(condition.attribute)})`;
      case 'equal':
        return `${this.name(condition.attribute)} = ${this.value(condition.value)}`;
      case 'below':
        return `${this.name(condition.attribute)} < ${this.value(condition.value)}`;
      case 'holding':
        return `contains(${this.name(condition.attribute)}, ${this.value(condition.value)})`;
      case 'all':
        return condition.of.map((part) => this.#part(part)).join(' AND ');
      case 'any':
        return condition.of.map((part) => this.#part(part)).join(' OR ');
    }
  }

  /** In brackets only where they say something: parsers that try again for each pair take long over them. */
  #part(part: Condition): string {
    const text = this.condition(part);
    return part.is === 'all' || part.is === 'any' ? `(${text})` : text;
  }

  update(change: Change): string {
    const set = [
      ...Object.entries(change.set ?? {}).flatMap(([attribute, value]) =>
        value === undefined ? [] : [`${this.name(attribute)} = ${this.value(value)}`],
      ),
      ...Object.entries(change.setOnce ?? {}).map(([attribute, value]) => {
        const name = this.name(attribute);
        return `${name} = if_not_exists(${name}, ${this.value(value)})`;
      }),
    ];
    const remove = (change.remove ?? []).map((attribute) => this.name(attribute));
    const add = Object.entries(change.add ?? {}).map(([a, n]) => `${this.name(a)} ${this.value(n)}`);
    const takeOut = Object.entries(change.takeOut ?? {}).map(([a, n]) => `${this.name(a)} ${this.value(new Set([n]))}`);
    return [clause('SET', set), clause('REMOVE', remove), clause('ADD', add), clause('DELETE', takeOut)]
      .filter((text) => text !== '')
      .join(' ');
  }
}

const clause = (word: string, parts: readonly string[]): string =>
  parts.length > 0 ? `${word} ${parts.join(', ')}` : '';
