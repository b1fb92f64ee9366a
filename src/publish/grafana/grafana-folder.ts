import { z } from 'zod';
import { Failure } from '../../domain/failure.js';
import type { ApiClient } from '../http/api-client.js';
import { ofGrafana } from './grafana-refusal.js';

/** A folder by its uid. It is made where it is missing, and otherwise left as people have it: title, place, permissions. */
export class GrafanaFolder {
  readonly uid: string;
  readonly #title: string;
  readonly #client: ApiClient;
  #making: Promise<void> | undefined;

  constructor({ uid, title }: { readonly uid: string; readonly title: string }, client: ApiClient) {
    this.uid = uid;
    this.#title = title;
    this.#client = client;
  }

  /** Sees to it once that it is there, however many ask. */
  async make(): Promise<void> {
    this.#making ??= this.#make();
    try {
      await this.#making;
    } catch (error) {
      this.forget();
      throw error;
    }
  }

  /** Whoever asks next looks again: somebody has deleted it. */
  forget(): void {
    this.#making = undefined;
  }

  async #make(): Promise<void> {
    if (await this.#isThere()) return;
    const body = JSON.stringify({ uid: this.uid, title: this.#title });
    try {
      await ofGrafana(this.#client.ask({ method: 'POST', path: '/api/folders', body }));
    } catch (error) {
      if (!(error instanceof Failure) || error.code !== 'conflict') throw error;
      if (await this.#isThere()) return;
      const hint = 'name another title as grafana.folder, or the uid of that folder as grafana.folder_uid';
      throw new Failure('conflict', `there is another folder ${JSON.stringify(this.#title)} already`, {
        hint,
        cause: error,
      });
    }
  }

  async #isThere(): Promise<boolean> {
    const path = `/api/folders/${encodeURIComponent(this.uid)}`;
    const { status, body } = await this.#client.askJson({ method: 'GET', path, alsoGood: [404] });
    return status !== 404 && z.looseObject({ uid: z.literal(this.uid) }).safeParse(body).success;
  }
}
