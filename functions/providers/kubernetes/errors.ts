/** An answer of the API server with a status that is no success. The message is the server's and not safe to show. */
export class ApiStatusError extends Error {
  override readonly name = 'ApiStatusError';
  readonly status: number;

  constructor(status: number, message = '') {
    super(message);
    this.status = status;
  }
}

/** An answer that does not have the shape its API promises. */
export class UnexpectedAnswerError extends Error {
  override readonly name = 'UnexpectedAnswerError';
}

/** What the guard did not let through. */
export type RefusalCode = 'UNSAFE_ADDRESS' | 'OTHER_HOST' | 'REDIRECT_REFUSED' | 'ANSWER_TOO_LARGE';

/** We refused to go on; nothing more was sent or read. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  readonly code: RefusalCode;
  /** A smaller page may fit. */
  readonly smaller: boolean;

  constructor(code: RefusalCode, smaller = false) {
    super(code);
    this.code = code;
    this.smaller = smaller;
  }
}
