/** Certificates and login of whatever is asked over the network; where secrets stand, never the secrets. */
export interface AccessSettings {
  readonly tls?: TlsSettings;
  readonly authorization?: AuthorizationSettings;
}

/** PEM files, absolute. */
export interface TlsSettings {
  readonly caFile?: string;
  readonly certFile?: string;
  readonly keyFile?: string;
  readonly serverName?: string;
  readonly insecureSkipVerify?: boolean;
}

export type AuthorizationSettings =
  | { readonly kind: 'bearer'; readonly tokenFile: string }
  | { readonly kind: 'basic'; readonly username: string; readonly passwordFile: string };
