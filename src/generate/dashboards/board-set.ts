import type { LinkSettings } from '../../config/config.js';
import type { Board } from '../../domain/board.js';
import { serviceKey } from '../../domain/service-id.js';
import type { Perspective, Slo } from '../../domain/slo.js';
import type { BoardPack } from '../../packs/board-pack.js';
import type { AlertPolicies } from '../../packs/load-alert-policies.js';
import type { BoardPacks } from '../../packs/load-boards.js';
import type { SignalPacks } from '../../packs/load-packs.js';
import { packFor } from '../../packs/load-packs.js';
import type { SignalPack } from '../../packs/signal-pack.js';
import { isForRules } from '../rules/objectives-file.js';
import type { RuleSettings } from '../rules/rule-settings.js';
import { judgedAlike, windowsOf } from '../rules/rule-set.js';
import { distinctSlis, sliName } from '../rules/sli.js';
import type { BoardDirectory } from './board-links.js';
import { boardOfPack } from './board-of-pack.js';
import type { BoardScope } from './board-scope.js';
import { boardUid, serviceBoardUid, teamBoardUid } from './board-uid.js';
import { boardVocabulary } from './board-vocabulary.js';

/** What boards are made from. */
export interface BoardSetParts {
  /** Of all services that are known. */
  readonly slos: readonly Slo[];
  readonly boards: BoardPacks;
  readonly packs: SignalPacks;
  readonly policies: AlertPolicies;
  readonly links: LinkSettings;
  readonly settings: RuleSettings;
}

/**
 * Every board, one after the other: those of the whole and of meshes, then those of teams, then one for each service that a
 * mesh carries, by key. Made while they are asked for: thousands need not be there at once.
 */
export function* boardSet(parts: BoardSetParts): Generator<Board> {
  const { slos, boards, links } = parts;
  const scope = wholeScope(parts);
  const wanted = boards.boards.filter(({ meshes }) => isInUse(meshes, scope.meshes));
  const directory = directoryOf(wanted, scope.meshes);
  const make = (
    pack: BoardPack,
    uid: string,
    title: string,
    fixed: Readonly<Record<string, string>>,
    meshes: readonly SignalPack[],
    tags: readonly string[] = [],
    seenAs: Perspective = 'server',
  ): Board => {
    const variables = pack.variables.filter(({ label }) => fixed[label] === undefined);
    const only = meshes.length === 1 ? meshes[0]!.name : undefined;
    const added = boards.additions.flatMap(({ mesh, rows }) => (mesh === only ? (rows.get(pack.name) ?? []) : []));
    const ownScope = { ...scope, fixed, variables, meshes, seenAs };
    return boardOfPack({ uid, title, pack, added, scope: ownScope, directory, links, tags });
  };

  for (const pack of wanted) {
    if (pack.about === 'mesh') {
      for (const mesh of scope.meshes) {
        const fixed = { mesh: mesh.name };
        yield make(pack, boardUid(pack.name, mesh.name), pack.each.replaceAll('{mesh}', mesh.name), fixed, [mesh]);
      }
    } else yield make(pack, boardUid(pack.name), pack.title, {}, scope.meshes);
  }
  const owners = [...new Set(slos.flatMap(({ owner }) => owner ?? []))].sort();
  for (const pack of wanted.filter(({ about }) => about === 'owner')) {
    for (const owner of owners) {
      yield make(
        pack,
        teamBoardUid(owner),
        pack.each.replaceAll('{owner}', () => owner),
        { owner },
        scope.meshes,
        ['team'],
      );
    }
  }
  for (const pack of wanted.filter(({ about }) => about === 'service')) {
    for (const { service, mesh, owner, seenAs } of migratedServices(slos)) {
      const signals = packFor(parts.packs, mesh);
      if (signals === undefined) continue;
      const { cluster, namespace, name } = service;
      const title = pack.each.replaceAll('{service}', () => serviceKey(service));
      const fixed = { cluster, namespace, service: name };
      const of = owner === undefined ? [] : [owner];
      yield make(pack, serviceBoardUid(service), title, fixed, [signals], of, seenAs);
    }
  }
}

interface MigratedService {
  readonly service: Slo['service'];
  readonly mesh: string;
  readonly owner: string | undefined;
  readonly seenAs: Perspective;
}

/** Services that a mesh carries, each once, by key. */
function migratedServices(slos: readonly Slo[]): readonly MigratedService[] {
  const byKey = new Map<string, MigratedService>();
  for (const { service, mesh, owner, perspective } of slos) {
    if (mesh === undefined) continue;
    const key = serviceKey(service);
    const known = byKey.get(key);
    const seenAs = known === undefined ? perspective : perspective === 'server' ? perspective : known.seenAs;
    byKey.set(key, { service, mesh, owner, seenAs });
  }
  return [...byKey.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}

function wholeScope({ slos, boards, packs, policies, settings }: BoardSetParts): BoardScope {
  const judged = judgedAlike(slos.filter(isForRules), policies);
  const windowsSeconds = [...new Set(judged.flatMap(windowsOf))].sort((a, b) => a - b);
  const names = new Set(slos.flatMap(({ mesh }) => mesh ?? []));
  return {
    fixed: {},
    variables: [],
    meshes: [...names].sort().flatMap((name) => packFor(packs, name) ?? []),
    vocabulary: boardVocabulary(boards, windowsSeconds),
    slis: new Set(distinctSlis(slos.filter(isForRules)).map(sliName)),
    seenAs: 'server',
    settings,
    windowsSeconds,
    budgetWindowsSeconds: [...new Set(judged.map(({ windowSeconds }) => windowSeconds))].sort((a, b) => a - b),
  };
}

function isInUse(wanted: readonly string[], meshes: readonly SignalPack[]): boolean {
  return wanted.length === 0 || meshes.some(({ name }) => wanted.includes(name));
}

/** Boards of the whole and of meshes, in the order of their files. */
function directoryOf(packs: readonly BoardPack[], meshes: readonly SignalPack[]): BoardDirectory {
  const boards = packs.flatMap((pack) =>
    pack.about === 'mesh'
      ? meshes.map(({ name }) => ({
          uid: boardUid(pack.name, name),
          title: pack.each.replaceAll('{mesh}', name),
        }))
      : [{ uid: boardUid(pack.name), title: pack.title }],
  );
  return { boards };
}
