import type { AccessSettings } from '../config/access-settings.js';
import { AccessFiles } from '../scrape/http/access.js';
import type { Credentials } from './api-client.js';

/** Credentials from certificate and token files, read again whenever these change. */
export function accessCredentials(
  url: string,
  access: AccessSettings,
  tokenHeader?: string,
): () => Promise<Credentials> {
  const files = new AccessFiles(access);
  let last: { readonly version: number; readonly credentials: Credentials } | undefined;
  return async () => {
    await files.refresh();
    const { version, authorization, tls } = files.access;
    if (last?.version !== version) {
      const token = authorization?.replace(/^Bearer /, '');
      const own = tokenHeader !== undefined && token !== undefined;
      const credentials = {
        url: url.replace(/\/+$/, ''),
        authorization: own ? undefined : authorization,
        headers: own ? { [tokenHeader]: token } : {},
        tls,
      };
      last = { version, credentials };
    }
    return last.credentials;
  };
}
