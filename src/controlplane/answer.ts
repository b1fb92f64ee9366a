import type { FindingKind } from '../domain/finding-kinds.js';
import type { Finding } from '../domain/finding.js';
import type { ControlPlanePack, ControlPlaneQuestion } from '../packs/control-plane-pack.js';
import type { Told } from './control-plane-state.js';

/** What somebody concludes: what is wrong, and of which kinds there is nothing beyond that. */
export interface Judgement {
  readonly findings: readonly Finding[];
  /** Kinds whose absence from `findings` says that the trouble is over. */
  readonly judged: readonly FindingKind[];
}

/** What one question about a control plane has brought. */
export interface Answer<T> extends Judgement {
  /** For the page and for metrics. */
  readonly told: Told<T>;
}

/** What is known, and nothing that could be wrong with it. */
export function known<T>(told: T): Answer<T> {
  return { told: { told }, findings: [], judged: [] };
}

/** Nobody tells it, for now: what was found before stays. */
export function unanswered(why: string): Answer<never> {
  return { told: { untold: why }, findings: [], judged: [] };
}

/** What the pack says of a question that this kind of control plane never answers. */
export function untold(pack: ControlPlanePack, question: ControlPlaneQuestion): Answer<never> {
  const answer = pack.answers.get(question);
  return unanswered(answer?.kind === 'untold' ? answer.why : `${pack.title} was not asked for it`);
}
