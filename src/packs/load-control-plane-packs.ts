import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkValue } from '../documents/checked-value.js';
import type { CheckedValue } from '../documents/checked-value.js';
import { readYamlFile } from '../documents/yaml-file.js';
import type { YamlDocument } from '../documents/yaml-document.js';
import { controlPlanePackSchema, type WrittenControlPlanePack } from './control-plane-pack-schema.js';
import {
  type ControlPlaneAnswer,
  type ControlPlaneKind,
  type ControlPlanePack,
  type ControlPlaneQuestion,
  controlPlaneQuestions,
} from './control-plane-pack.js';

/** Packs by the kind that a configured control plane names. */
export type ControlPlanePacks = ReadonlyMap<ControlPlaneKind, ControlPlanePack>;

const shippedFolder = fileURLToPath(new URL('../../rules/controlplanes/', import.meta.url));

/**
 * The packs that come with meshslo. What they say is code that people can read: a mistake in one is a bug.
 *
 * @throws Error with every mistake
 */
export function loadControlPlanePacks(): ControlPlanePacks {
  const files = readdirSync(shippedFolder).filter((name) => name.endsWith('.yaml'));
  const packs = files.sort().map((name) => shippedPack(join(shippedFolder, name)));
  return new Map(packs.map((pack) => [pack.kind, pack]));
}

function shippedPack(file: string): ControlPlanePack {
  const { documents, diagnostics } = readYamlFile(file);
  const checked = documents.map(checkControlPlanePack);
  const mistakes = [...diagnostics, ...checked.flatMap((one) => one.diagnostics)];
  const pack = checked[0]?.value;
  if (pack !== undefined && mistakes.length === 0) return pack;
  const words = mistakes.map(({ position, message }) => `line ${position?.line ?? 1}: ${message}`);
  throw new Error(`${file} is wrong:\n${words.join('\n')}`);
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
