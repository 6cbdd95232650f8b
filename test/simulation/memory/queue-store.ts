/** A message as a receive gives it. */
export interface Received {
  readonly id: string;
  readonly receipt: string;
  readonly body: string;
  readonly receives: number;
  readonly sentAt: number;
}

interface Message {
  readonly id: string;
  readonly body: string;
  readonly sentAt: number;
  visibleAt: number;
  receives: number;
  receipt: string;
}

export interface QueueModel {
  readonly name: string;
  readonly visibilitySeconds: number;
  /** Where a message goes that was received so often without being deleted. */
  readonly redrive?: { readonly to: QueueStore; readonly after: number };
}

/** An SQS queue without its time: who calls says what time it is, in milliseconds. */
export class QueueStore {
  readonly model: QueueModel;
  #messages: Message[] = [];
  #count = 0;

  constructor(model: QueueModel) {
    this.model = model;
  }

  send(body: string, now: number, delaySeconds = 0): void {
    this.#count += 1;
    const id = `${this.model.name}-${this.#count}`;
    const delay = Math.min(900, Math.max(0, delaySeconds)) * 1000;
    this.#messages.push({ id, body, sentAt: now, visibleAt: now + delay, receives: 0, receipt: '' });
  }

  /** Up to so many visible messages, in an order that the caller's choice decides, as a standard queue promises none. */
  receive(now: number, most: number, choose: (n: number) => number = () => 0): readonly Received[] {
    const taken: Received[] = [];
    for (;;) {
      const visible = this.#messages.filter((message) => message.visibleAt <= now);
      const message = visible[choose(visible.length)];
      if (message === undefined || taken.length >= most) return taken;
      const { redrive } = this.model;
      if (redrive !== undefined && message.receives >= redrive.after) {
        this.#messages = this.#messages.filter((one) => one !== message);
        redrive.to.take(message, now);
        continue;
      }
      message.receives += 1;
      message.receipt = `${message.id}/${message.receives}`;
      message.visibleAt = now + this.model.visibilitySeconds * 1000;
      taken.push({ ...message });
    }
  }

  /** Only the receipt of the last receive counts; another is no error and does nothing. */
  delete(receipt: string): void {
    this.#messages = this.#messages.filter((message) => message.receipt !== receipt);
  }

  /** @returns whether the receipt was of a message that is there. */
  setVisibility(receipt: string, now: number, seconds: number): boolean {
    const message = this.#messages.find((one) => one.receipt === receipt);
    if (message !== undefined) message.visibleAt = now + seconds * 1000;
    return message !== undefined;
  }

  /** When a message can be received next; undefined where there is none. */
  nextAt(): number | undefined {
    return this.#messages.length === 0 ? undefined : Math.min(...this.#messages.map(({ visibleAt }) => visibleAt));
  }

  get length(): number {
    return this.#messages.length;
  }
  get bodies(): readonly string[] {
    return this.#messages.map(({ body }) => body);
  }

  /** Drops everything. */
  clear(): void {
    this.#messages = [];
  }

  /** A message from another queue: it keeps its id and starts to count anew. */
  take(message: Pick<Message, 'id' | 'body' | 'sentAt'>, now: number): void {
    const { id, body, sentAt } = message;
    this.#messages.push({ id, body, sentAt, visibleAt: now, receives: 0, receipt: '' });
  }
}
