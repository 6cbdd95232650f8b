/** What a request can run into by the rules of the domain; `endpoint()` turns each into a status. */
export class NotFoundError extends Error {
  override readonly name = 'NotFoundError';
  constructor() {
    super('There is no such thing here.');
  }
}

/** The state of things does not allow it (409). */
export class ConflictError extends Error {
  override readonly name = 'ConflictError';
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** Something of ours gave no result in time; the same request may succeed later (503). */
export class UnavailableError extends Error {
  override readonly name = 'UnavailableError';
}

/** The request's cursor is garbled, or belongs to another list (400). */
export class CursorError extends Error {
  override readonly name = 'CursorError';
  constructor() {
    super('The cursor is not one of this list.');
  }
}

/** The message cannot be worked on now: leave it in its queue, visible again after this time. */
export class RetryLaterError extends Error {
  override readonly name = 'RetryLaterError';
  readonly seconds: number;
  constructor(seconds: number) {
    super(`Not now: again in ${seconds} s.`);
    this.seconds = seconds;
  }
}

/** The stored text is not what this version, or any before it, wrote. */
export class UnreadableCredentialsError extends Error {
  override readonly name = 'UnreadableCredentialsError';
}

/** The invocation must come to its end: what is left goes on in a later one. */
export class OutOfTimeError extends Error {
  override readonly name = 'OutOfTimeError';
}

/** Somebody with a higher stamp, or another version of the scan row, is at work: this worker must stop. */
export class SupersededError extends Error {
  override readonly name = 'SupersededError';
}
