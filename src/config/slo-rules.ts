import type { Budgeting, Indicator, Perspective, RequestFilter, SloAlerts } from '../domain/slo.js';
import type { SignalPack } from '../packs/signal-pack.js';
import type { Window } from '../domain/window.js';

/** What is decided about the SLOs of all services, known and yet unknown. */
export interface SloRules {
  /** By name; each tier's default SLOs by theirs. */
  readonly tiers: ReadonlyMap<string, ReadonlyMap<string, SloTerms>>;
  readonly defaultTier: string;
  /** The first rule that fits a service gives its tier. */
  readonly tierRules: readonly MatchRule[];
  /** The first rule that fits a service gives its owner. */
  readonly ownerRules: readonly MatchRule[];
  /** Window of an SLO that names none and has no default behind it. */
  readonly window: Window;
  /** What the files say of single services, by `namespace/name`. */
  readonly services: ReadonlyMap<string, readonly ServiceRules[]>;
  /** By name, the packs of the jobs (all that are known, where there is no job): through which a service can be seen. */
  readonly meshes: ReadonlyMap<string, SignalPack>;
  /** Clusters that jobs are in. */
  readonly clusters: readonly string[];
}

/** The promise of one SLO, without the service that it is made for. */
export interface SloTerms {
  /** Latency without a quantile is that of requests, or of minutes where the mesh knows no more. */
  readonly indicator: Indicator;
  readonly objective: number;
  readonly window: Window;
  readonly budgeting: Budgeting;
  /** Undefined where nobody chose: the server's, and the clients' where no server's proxy was ever seen. */
  readonly perspective: Perspective | undefined;
  readonly filter: RequestFilter;
  /** What somebody chose of its alerts; the rest is as usual. */
  readonly alerts: Partial<SloAlerts>;
}

/** A change of a default, or a promise of its own: what is absent stays as the default has it. */
export type SloChange = { readonly [K in keyof SloTerms]?: Exclude<SloTerms[K], undefined> };

/** A promise of which only what has no usual value is said. */
export function completeTerms(said: SloChange & Pick<SloTerms, 'objective' | 'window'>): SloTerms {
  return {
    indicator: { kind: 'availability' },
    budgeting: { method: 'occurrences' },
    perspective: undefined,
    filter: {},
    alerts: {},
    ...said,
  };
}

/** What one document of a SLO file says. */
export interface ServiceRules {
  /** Undefined: in every cluster. */
  readonly cluster: string | undefined;
  readonly namespace: string;
  readonly name: string;
  readonly owner: string | undefined;
  readonly tier: string | undefined;
  /** The pack of the mesh through which it is counted, whether a job scrapes that mesh or not. */
  readonly mesh: SignalPack | undefined;
  /** For all of its SLOs. */
  readonly alerts: Partial<SloAlerts>;
  /** By name of the SLO; `off` takes a default away. */
  readonly slos: ReadonlyMap<string, SloChange | 'off'>;
}

/** A name for services whose parts fit; `*` stands for any characters, an absent part for anything. */
export interface MatchRule {
  readonly gives: string;
  readonly cluster: string | undefined;
  readonly namespace: string | undefined;
  readonly service: string | undefined;
}
