import type { ServiceId } from '../../domain/service-id.js';
import { valuesWithPart } from '../../packs/extraction-pattern.js';
import type { Constant, LabelChoice, LabelSource } from '../../packs/signal-pack.js';
import { boardDocument, type BoardDocument, type BoardSchema } from './board-document.js';
import { type BoardRecipe, type BoardSetParts, boardRecipes } from './board-set.js';

/**
 * Every board as a document, in the order of {@link boardSet}, while they are asked for.
 *
 * Boards of services are alike but for two names. One of each kind is made with names that stand nowhere else, and its text
 * filled in for all others: the same bytes as making each, in a hundredth of the time.
 */
export function* boardDocuments(parts: BoardSetParts, schema: BoardSchema = 'classic'): Generator<BoardDocument> {
  const templates = new Map<string, Template>();
  for (const { make, ofService } of boardRecipes(parts)) {
    if (ofService === undefined || !meansItself(ofService.service)) {
      yield boardDocument(make(), schema);
      continue;
    }
    const names = standFor(ofService);
    const kind = JSON.stringify([ofService.kind, names]);
    let template = templates.get(kind);
    if (template === undefined) templates.set(kind, (template = templateOf(ofService, names, schema)));
    yield filled(template, ofService.service, ofService.uid);
  }
}

/** A document in pieces, between which names stand. */
interface Template {
  readonly title: readonly string[];
  readonly json: readonly string[];
}

type OfService = NonNullable<BoardRecipe['ofService']>;

/** Plain to look at, so that every way of writing names leaves them alone; and in nobody's language. */
const stand = { namespace: 'zq7namespace7qz', name: 'zq7service7qz', uid: 'zq7uid7qz' } as const;

/**
 * Whether both names are written as they are in PromQL, in patterns, in addresses, in tags and in JSON alike. Names of Kubernetes are;
 * one with a dot is not, and neither is one that looks like what stands for it.
 */
function meansItself({ namespace, name }: ServiceId): boolean {
  return [namespace, name].every((part) => /^[A-Za-z0-9_-]{1,100}$/.test(part) && !part.includes('zq7'));
}

type Names = Pick<ServiceId, 'namespace' | 'name'>;

/**
 * What stands for the names of a service: a name that its mesh makes something else of stays. `default` may be the namespace
 * of whatever has none, and is then asked for in other words.
 */
function standFor({ service, mesh }: OfService): Names {
  const nameOf = (part: keyof Names): string => {
    const choices = mesh.views.map((view) => view.service[part]);
    return choices.every((choice) => isAlike(choice, service[part], stand[part])) ? stand[part] : service[part];
  };
  return { namespace: nameOf('namespace'), name: nameOf('name') };
}

function isAlike(choice: LabelChoice | Constant, one: string, other: string): boolean {
  if ('constant' in choice) return true;
  if (choice.otherwise === one || choice.otherwise === other) return false;
  const isTold = (value: string, { pattern }: LabelSource): boolean =>
    pattern === undefined || valuesWithPart(pattern, value) !== undefined;
  return choice.labels.every((source) => isTold(one, source) === isTold(other, source));
}

function templateOf({ service: { cluster }, makeFor }: OfService, names: Names, schema: BoardSchema): Template {
  const { uid, title, json } = boardDocument(makeFor({ cluster, ...names }), schema);
  return { title: pieces(title), json: pieces(json.replaceAll(uid, stand.uid)) };
}

/** Texts at even places, and at odd ones which of the names stands between them. */
function pieces(text: string): readonly string[] {
  return text.split(/zq7(namespace|service|uid)7qz/);
}

function filled({ title, json }: Template, { namespace, name }: ServiceId, uid: string): BoardDocument {
  const names: Readonly<Record<string, string>> = { namespace, service: name, uid };
  const text = (parts: readonly string[]): string =>
    parts.map((part, index) => (index % 2 === 0 ? part : names[part]!)).join('');
  return { uid, title: text(title), json: text(json) };
}
