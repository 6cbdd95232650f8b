/** A refusal in Kubernetes' form. @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/ */
export class StatusError extends Error {
  override readonly name = 'StatusError';
  readonly code: number;
  readonly reason: string;
  readonly metadata: object;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: number,
    reason: string,
    message: string,
    more: { readonly metadata?: object; readonly headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(message);
    this.code = code;
    this.reason = reason;
    this.metadata = more.metadata ?? {};
    this.headers = more.headers ?? {};
  }

  get body(): object {
    const { metadata, message, reason, code } = this;
    return { kind: 'Status', apiVersion: 'v1', metadata, status: 'Failure', message, reason, code };
  }
}

export const unauthorized = (): StatusError => new StatusError(401, 'Unauthorized', 'Unauthorized');

/** In RBAC's words. */
export function forbidden(username: string, verb: string, plural: string, group: string, name = ''): StatusError {
  const resource = group === '' ? plural : `${plural}.${group}`;
  const whose = name === '' ? '' : ` "${name}"`;
  const text = `${resource}${whose} is forbidden: User "${username}" cannot ${verb} resource "${plural}" in API group "${group}" at the cluster scope`;
  return new StatusError(403, 'Forbidden', text);
}

export const expired = (token: string): StatusError =>
  new StatusError(
    410,
    'Expired',
    'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results.',
    { metadata: { continue: token } },
  );
