import type { LinkSettings } from '../../config/config.js';
import type { ControlPlaneSettings } from '../../config/control-planes.js';
import type { Board } from '../../domain/board.js';
import { serviceKey } from '../../domain/service-id.js';
import type { Perspective, Slo } from '../../domain/slo.js';
import type { BoardPack, BoardPacks } from '../../packs/board-pack.js';
import { boardVocabulary } from '../../packs/board-vocabulary.js';
import type { AlertPolicies } from '../../packs/load-alert-policies.js';
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
import { queryExpression } from './measure-expression.js';
import { hasOwnProxies } from './process-measure.js';
import { boardUid, serviceBoardUid, teamBoardUid } from './board-uid.js';
import { isNamedAlike } from './named-alike.js';
import { isPlainName } from './plain-name.js';

/** What boards are made from. */
export interface BoardSetParts {
  /** Of all services that are known. */
  readonly slos: readonly Slo[];
  readonly boards: BoardPacks;
  readonly packs: SignalPacks;
  readonly policies: AlertPolicies;
  readonly links: LinkSettings;
  readonly settings: RuleSettings;
  /** That somebody configured. */
  readonly controlPlanes?: readonly Pick<ControlPlaneSettings, 'kind'>[] | undefined;
}

/** Names that boards differ in. */
export type BoardNames = Readonly<Partial<Record<'namespace' | 'service' | 'owner', string>>>;

/** A board that can be made. */
export interface BoardRecipe {
  readonly make: () => Board;
  /** Boards of one `kind` differ in nothing but their uid and these names. */
  readonly alike?: {
    readonly kind: string;
    readonly uid: string;
    readonly names: BoardNames;
    /** Whether the board of another name is this one with that name in place of its own. */
    readonly isAlike: (word: keyof BoardNames, other: string) => boolean;
    readonly makeFor: (names: BoardNames) => Board;
  };
}

/**
 * Every board, one after the other: those of the whole and of meshes, then those of teams, then one for each service that a
 * mesh carries, by key. Made while they are asked for: thousands need not be there at once.
 */
export function* boardSet(parts: BoardSetParts): Generator<Board> {
  for (const { make } of boardRecipes(parts)) yield make();
}

/** What {@link boardSet} makes, in its order. */
export function boardRecipes(parts: BoardSetParts): readonly BoardRecipe[] {
  const { slos, boards } = parts;
  const scope = wholeScope(parts);
  const wanted = boards.boards.filter(
    (pack) => isInUse(pack, scope.meshes, parts.controlPlanes ?? []) && saysAnything(pack, scope),
  );
  const maker = boardMaker(parts, scope, directoryOf(wanted, scope.meshes));
  const of = (about: BoardPack['about']): readonly BoardPack[] => wanted.filter((pack) => pack.about === about);
  const owners = [...new Set(slos.flatMap(({ owner }) => owner ?? []))].sort();
  return [
    ...wanted.flatMap((pack) =>
      pack.about === 'mesh' ? ofMeshes(pack, scope.meshes, maker) : [ofAll(pack, scope, maker)],
    ),
    ...of('owner').flatMap((pack) => owners.map((owner) => ofOwner(pack, owner, scope, maker))),
    ...of('service').flatMap((pack) => ofServices(pack, parts, maker)),
  ];
}

/** What is particular to one board of a pack. */
interface Particulars {
  readonly uid: string;
  readonly title: string;
  readonly fixed: Readonly<Record<string, string>>;
  readonly meshes: readonly SignalPack[];
  readonly tags: readonly string[];
  readonly seenAs: Perspective;
}

type Maker = (pack: BoardPack, particulars: Particulars) => Board;

function boardMaker({ boards, links }: BoardSetParts, scope: BoardScope, directory: BoardDirectory): Maker {
  return (pack, { uid, title, fixed, meshes, tags, seenAs }) => {
    const variables = pack.variables.filter(({ label }) => fixed[label] === undefined);
    const only = meshes.length === 1 ? meshes[0]!.name : undefined;
    const added = boards.additions.flatMap(({ mesh, rows }) => (mesh === only ? (rows.get(pack.name) ?? []) : []));
    const ownScope = { ...scope, fixed, variables, meshes, seenAs };
    return boardOfPack({ uid, title, pack, added, scope: ownScope, directory, links, tags });
  };
}

function ofAll(pack: BoardPack, { meshes }: BoardScope, maker: Maker): BoardRecipe {
  const uid = boardUid(pack.name);
  return { make: () => maker(pack, { uid, title: pack.title, fixed: {}, meshes, tags: [], seenAs: 'server' }) };
}

function ofMeshes(pack: BoardPack, meshes: readonly SignalPack[], maker: Maker): readonly BoardRecipe[] {
  return meshes.map((mesh) => {
    const uid = boardUid(pack.name, mesh.name);
    const title = pack.each.replaceAll('{mesh}', mesh.name);
    const fixed = { mesh: mesh.name };
    const seenAs = hasOwnProxies(mesh) ? 'server' : mesh.views[0]!.perspective;
    return { make: () => maker(pack, { uid, title, fixed, meshes: [mesh], tags: [], seenAs }) };
  });
}

function ofOwner(pack: BoardPack, owner: string, { meshes }: BoardScope, maker: Maker): BoardRecipe {
  const makeFor = (name: string): Board => {
    const uid = teamBoardUid(name, pack.name);
    const title = pack.each.replaceAll('{owner}', () => name);
    return maker(pack, { uid, title, fixed: { owner: name }, meshes, tags: ['team'], seenAs: 'server' });
  };
  return {
    make: () => makeFor(owner),
    alike: {
      kind: JSON.stringify([pack.name]),
      uid: teamBoardUid(owner, pack.name),
      names: { owner },
      isAlike: () => true,
      makeFor: (names) => makeFor(names.owner!),
    },
  };
}

function ofServices(pack: BoardPack, { slos, packs }: BoardSetParts, maker: Maker): readonly BoardRecipe[] {
  return migratedServices(slos).flatMap(({ service, mesh, owner, seenAs }) => {
    const signals = packFor(packs, mesh);
    if (signals === undefined) return [];
    const { cluster, namespace, name } = service;
    const tag = owner === undefined ? undefined : boardTag(owner);
    const names = { namespace, service: name, ...(tag !== undefined && isPlainName(tag) && { owner: tag }) };
    const makeFor = (of: BoardNames): Board => {
      const one = { cluster, namespace: of.namespace!, name: of.service! };
      const ownTag = of.owner ?? tag;
      return maker(pack, {
        uid: serviceBoardUid(one, pack.name),
        title: pack.each.replaceAll('{service}', () => serviceKey(one)),
        fixed: { cluster, namespace: one.namespace, service: one.name },
        meshes: [signals],
        tags: ownTag === undefined ? [] : [ownTag],
        seenAs,
      });
    };
    const kind = JSON.stringify([pack.name, mesh, seenAs, cluster, 'owner' in names ? true : tag]);
    const isAlike = (word: keyof BoardNames, other: string): boolean =>
      word === 'owner' ||
      signals.views.every((view) => isNamedAlike(view.service[word === 'service' ? 'name' : word], names[word], other));
    const uid = serviceBoardUid(service, pack.name);
    return [{ make: () => makeFor(names), alike: { kind, uid, names, isAlike, makeFor } }];
  });
}

/** Grafana keeps 50 characters of a tag, or, by its database, refuses the whole board. */
function boardTag(owner: string): string {
  const characters = Array.from(owner);
  return characters.length <= 50 ? owner : `${characters.slice(0, 49).join('')}…`;
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
  const judged = judgedAlike(slos.filter(isForRules), policies, settings.alertFiles);
  const windowsSeconds = [...new Set(judged.flatMap(windowsOf))].sort((a, b) => a - b);
  const names = new Set(slos.flatMap(({ mesh }) => mesh ?? []));
  return {
    fixed: {},
    variables: [],
    meshes: [...names].sort().flatMap((name) => packFor(packs, name) ?? []),
    vocabulary: boardVocabulary(boards),
    slis: new Set(distinctSlis(slos.filter(isForRules)).map(sliName)),
    seenAs: 'server',
    settings,
    windowsSeconds,
    budgetWindowsSeconds: [...new Set(judged.map(({ windowSeconds }) => windowSeconds))].sort((a, b) => a - b),
  };
}

/** Whether anything of a board of the whole can be asked of these meshes: who calls whom, only some tell. */
function saysAnything(pack: BoardPack, { meshes, ...scope }: BoardScope): boolean {
  if (pack.about !== 'organisation' || meshes.length === 0) return true;
  const own = { ...scope, meshes, variables: pack.variables };
  return pack.rows.some(({ panels }) =>
    panels.some(({ queries }) => queries.some((query) => queryExpression(query, own, 'now') !== undefined)),
  );
}

function isInUse(
  { meshes: wanted, controlPlanes: kinds }: BoardPack,
  meshes: readonly SignalPack[],
  controlPlanes: readonly Pick<ControlPlaneSettings, 'kind'>[],
): boolean {
  if (wanted.length === 0 && kinds.length === 0) return true;
  return meshes.some(({ name }) => wanted.includes(name)) || controlPlanes.some(({ kind }) => kinds.includes(kind));
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
