import { readFile, stat } from 'node:fs/promises';
import type { ConnectionOptions } from 'node:tls';
import { Failure, failureOf } from '../../domain/failure.js';
import type { AccessSettings } from '../../config/access-settings.js';

/** What a request needs to get in; `version` grows whenever anything of it changes. */
export interface Access {
  readonly version: number;
  /** Value of the Authorization header. */
  readonly authorization: string | undefined;
  readonly tls: ConnectionOptions;
}

/**
 * Certificates and secrets of one job, read from their files and read again when these change.
 *
 * A file that has become unreadable leaves the last good content in use; {@link trouble} then says so.
 */
export class AccessFiles {
  readonly #settings: AccessSettings;
  readonly #files = new Map<string, { stamp: string; content: string }>();
  #access: Access | undefined;
  #trouble: Failure | undefined;

  constructor(settings: AccessSettings) {
    this.#settings = settings;
  }

  /** Why the last look at the files failed. */
  get trouble(): Failure | undefined {
    return this.#trouble;
  }

  /**
   * The last good state.
   *
   * @throws Failure `file-unreadable` when there never was one
   */
  get access(): Access {
    if (this.#access) return this.#access;
    throw this.#trouble ?? new Failure('file-unreadable', 'certificates and secrets have not been read yet');
  }

  /** Looks whether the files have changed. Never throws: what is wrong is in {@link trouble}. */
  async refresh(): Promise<void> {
    try {
      const changed = await Promise.all(this.#paths().map((path) => this.#read(path)));
      this.#trouble = undefined;
      if (this.#access === undefined || changed.includes(true)) this.#access = this.#build();
    } catch (error) {
      this.#trouble = failureOf(error);
    }
  }

  #paths(): readonly string[] {
    const { tls, authorization } = this.#settings;
    const secret = authorization?.kind === 'bearer' ? authorization.tokenFile : authorization?.passwordFile;
    return [tls?.caFile, tls?.certFile, tls?.keyFile, secret].filter((path) => path !== undefined);
  }

  /** Whether the file's content is new. */
  async #read(path: string): Promise<boolean> {
    try {
      const { mtimeMs, size, ino } = await stat(path);
      const stamp = `${mtimeMs} ${size} ${ino}`;
      const known = this.#files.get(path);
      if (known?.stamp === stamp) return false;
      const content = await readFile(path, 'utf8');
      this.#files.set(path, { stamp, content });
      return content !== known?.content;
    } catch (error) {
      throw new Failure('file-unreadable', `cannot read ${path}: ${(error as { code?: string }).code ?? 'unknown'}`);
    }
  }

  #build(): Access {
    const { tls, authorization } = this.#settings;
    const content = (path: string | undefined) => (path === undefined ? undefined : this.#files.get(path)!.content);
    return {
      version: (this.#access?.version ?? 0) + 1,
      authorization: authorizationHeader(authorization, content),
      tls: {
        ...(tls?.caFile && { ca: content(tls.caFile) }),
        ...(tls?.certFile && { cert: content(tls.certFile) }),
        ...(tls?.keyFile && { key: content(tls.keyFile) }),
        ...(tls?.serverName && { servername: tls.serverName }),
        rejectUnauthorized: tls?.insecureSkipVerify !== true,
      },
    };
  }
}

function authorizationHeader(
  settings: AccessSettings['authorization'],
  content: (path: string) => string | undefined,
): string | undefined {
  if (!settings) return undefined;
  const path = settings.kind === 'bearer' ? settings.tokenFile : settings.passwordFile;
  const secret = content(path)!.trim();
  if (settings.kind === 'basic') {
    return `Basic ${Buffer.from(`${settings.username}:${secret}`).toString('base64')}`;
  }
  // A line break would let the rest of the file become further headers.
  if (!/^[\x21-\x7e]+$/.test(secret)) throw new Failure('file-unreadable', `${path} holds no token on one line`);
  return `Bearer ${secret}`;
}
