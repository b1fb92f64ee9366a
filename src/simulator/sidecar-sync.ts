import type { Mesh, Pod } from './mesh.js';

/** What a proxy was sent of one type, and what it has accepted. */
export interface SentResource {
  readonly sent: string;
  readonly acked: string;
  readonly sentAtSeconds: number;
  readonly error: string | undefined;
}

export const pushTypes = ['cluster', 'listener', 'route', 'endpoint'] as const;
export type PushType = (typeof pushTypes)[number];

/** Every quarter of an hour somebody changes something, and every proxy hears of it. */
const usualChangeSeconds = 900;

/** What goes wrong between a control plane and its proxies, on purpose; pods by name. */
export interface SyncFaults {
  /** Proxies that take nothing any more. */
  readonly stale: Set<string>;
  /** Proxies that refuse what they are sent, and what they say. */
  readonly refusing: Map<string, string>;
}

/**
 * Which configuration every proxy was sent and has accepted: all of it follows a change, and endpoints whenever pods come or
 * go. An honest proxy takes a push within a second and a half; until then it looks like one that never will.
 */
export class SidecarSync {
  readonly faults: SyncFaults = { stale: new Set(), refusing: new Map() };
  readonly #mesh: Mesh;
  readonly #startedSeconds: number;
  readonly #changeSeconds: number;
  readonly #sent = new Map<string, Map<PushType, SentResource>>();
  #pods = '';
  #endpointsChanged = 0;
  #endpointVersion = 0;
  #rejects = 0;
  #pushes = 0;

  constructor(mesh: Mesh, changeSeconds = usualChangeSeconds) {
    this.#mesh = mesh;
    this.#startedSeconds = mesh.nowSeconds;
    this.#changeSeconds = changeSeconds;
    this.#endpointsChanged = mesh.nowSeconds;
    this.#advance();
  }

  /** Refusals so far. */
  get rejects(): number {
    this.#advance();
    return this.#rejects;
  }

  /** Pushes so far, of one type. */
  get pushes(): number {
    this.#advance();
    return this.#pushes;
  }

  /** Changes of configuration so far. */
  get changes(): number {
    return Math.floor((this.#mesh.nowSeconds - this.#startedSeconds) / this.#changeSeconds);
  }

  /** What a pod's proxy was sent; throws a RangeError for a pod that is gone. */
  of(pod: string): ReadonlyMap<PushType, SentResource> {
    this.#advance();
    const sent = this.#sent.get(pod);
    if (!sent) throw new RangeError(`there is no pod ${pod}`);
    return sent;
  }

  #advance(): void {
    const { pods, nowSeconds } = this.#mesh;
    const names = pods.map(({ name }) => name).join(' ');
    if (names !== this.#pods) {
      this.#pods = names;
      this.#endpointVersion += 1;
      this.#endpointsChanged = nowSeconds;
    }
    const living = new Set(pods.map(({ name }) => name));
    for (const name of this.#sent.keys()) if (!living.has(name)) this.#sent.delete(name);
    for (const pod of pods) this.#push(pod);
  }

  #push({ name }: Pod): void {
    const known = this.#sent.get(name) ?? new Map<PushType, SentResource>();
    this.#sent.set(name, known);
    const changedAt = this.#startedSeconds + this.changes * this.#changeSeconds;
    for (const type of pushTypes) {
      const isEndpoint = type === 'endpoint';
      const version = isEndpoint ? `${this.changes}.${this.#endpointVersion}` : String(this.changes);
      const sentAtSeconds = isEndpoint ? Math.max(changedAt, this.#endpointsChanged) : changedAt;
      known.set(
        type,
        this.#taken(name, { type, nonce: `v${version}=${name}-${type}`, sentAtSeconds }, known.get(type)),
      );
    }
  }

  #taken(
    pod: string,
    push: { readonly type: PushType; readonly nonce: string; readonly sentAtSeconds: number },
    before: SentResource | undefined,
  ): SentResource {
    const { nonce: sent, sentAtSeconds, type } = push;
    const isNew = before?.sent !== sent;
    if (isNew) this.#pushes += 1;
    const acked = before?.acked ?? '';
    if (this.faults.stale.has(pod)) return { sent, acked, sentAtSeconds, error: undefined };
    const refusal = type === 'listener' ? this.faults.refusing.get(pod) : undefined;
    if (refusal !== undefined) {
      if (before?.error !== refusal || isNew) this.#rejects += 1;
      return { sent, acked, sentAtSeconds, error: refusal };
    }
    const isTaken = before === undefined || this.#mesh.nowSeconds >= sentAtSeconds + delayOf(pod);
    return { sent, acked: isTaken ? sent : acked, sentAtSeconds, error: undefined };
  }
}

/** Between a tenth of a second and one and a half, the same for the same pod. */
function delayOf(pod: string): number {
  let sum = 0;
  for (const character of pod) sum = (sum * 31 + character.codePointAt(0)!) % 1400;
  return 0.1 + sum / 1000;
}
