import * as z from 'zod';
import { Secret } from '../../runtime/secret.ts';

/** What is taken of a kubeconfig, checked: the only fields of it that ever get further. */
const storedSchema = z.strictObject({
  v: z.literal(1),
  /** `https://HOST[:PORT][/PATH]`, normalized, without a slash at the end. */
  server: z.string(),
  /** PEM; absent: the public authorities. */
  ca: z.string().optional(),
  /** The name in the server's certificate, where it is another than in `server`. */
  serverName: z.string().optional(),
  namespace: z.string().optional(),
  token: z.string().optional(),
  /** PEM, both or neither. */
  clientCertificate: z.string().optional(),
  clientKey: z.string().optional(),
});
export type KubernetesCredentials = z.infer<typeof storedSchema>;

export const encode = (credentials: Secret<KubernetesCredentials>): Secret<string> =>
  new Secret(JSON.stringify(credentials.reveal()));

/** @throws on a text of another version; the error may quote it and must not be logged. */
export const decode = (text: Secret<string>): Secret<KubernetesCredentials> =>
  new Secret(storedSchema.parse(JSON.parse(text.reveal())));
