import type { ControlPlanePack, ControlPlaneQuestion } from '../packs/control-plane-pack.js';

/** What the pack says of a question that this kind of control plane does not answer. */
export function untold(pack: ControlPlanePack, question: ControlPlaneQuestion): { readonly untold: string } {
  const answer = pack.answers.get(question);
  return { untold: answer?.kind === 'untold' ? answer.why : `${pack.title} was not asked for it` };
}
