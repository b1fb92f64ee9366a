import { checkValue } from '../documents/checked-value.js';
import type { CheckedValue } from '../documents/checked-value.js';
import type { YamlDocument } from '../documents/yaml-document.js';
import { controlPlanePackSchema, type WrittenControlPlanePack } from './control-plane-pack-schema.js';
import {
  type ControlPlaneAnswer,
  type ControlPlaneKind,
  type ControlPlanePack,
  type ControlPlaneQuestion,
  controlPlaneQuestions,
} from './control-plane-pack.js';
import { shippedDefinition, shippedFiles } from './definition-files.js';

/** Packs by the kind that a configured control plane names. */
export type ControlPlanePacks = ReadonlyMap<ControlPlaneKind, ControlPlanePack>;

/**
 * The packs that come with meshslo. What they say is code that people can read: a mistake in one is a bug.
 *
 * @throws Error with every mistake
 */
export function loadControlPlanePacks(): ControlPlanePacks {
  const packs = shippedFiles('rules/controlplanes').map((file) => shippedDefinition(file, checkControlPlanePack));
  return new Map(packs.map((pack) => [pack.kind, pack]));
}

/** One document as a pack, or every mistake of it. */
export function checkControlPlanePack(document: YamlDocument): CheckedValue<ControlPlanePack> {
  const { value, diagnostics } = checkValue(document, controlPlanePackSchema);
  return value === undefined ? { diagnostics } : { value: packOf(value), diagnostics };
}

function packOf(written: WrittenControlPlanePack): ControlPlanePack {
  const { control_plane: kind, title, versions, target, containers, questions, metrics, absent } = written;
  return {
    kind,
    title,
    versions,
    target,
    containers,
    answers: new Map(controlPlaneQuestions.map((question) => [question, answerOf(questions, question)])),
    metrics: new Map(
      Object.entries(metrics).map(([name, { appears, unit, since, until, trap, ...rest }]) => [
        name,
        { name, unit, since, until, trap, ...rest, absentUntilFirstEvent: appears === 'first-event' },
      ]),
    ),
    absent: new Map(Object.entries(absent)),
  };
}

function answerOf(questions: WrittenControlPlanePack['questions'], question: ControlPlaneQuestion): ControlPlaneAnswer {
  const { metrics = [], polled, untold } = questions[question]!;
  return untold === undefined ? { kind: 'told', metrics, polled } : { kind: 'untold', why: untold };
}
