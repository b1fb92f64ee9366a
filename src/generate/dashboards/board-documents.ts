import { packedText } from '../../documents/packed-text.js';
import { boardDocument, type BoardDocument, type BoardSchema } from './board-document.js';
import { type BoardNames, type BoardRecipe, type BoardSetParts, boardRecipes } from './board-set.js';
import { isPlainName, standInMark } from './plain-name.js';

/**
 * Every board as a document, in the order of {@link boardSet}, while they are asked for.
 *
 * Boards of services are alike but for some names, and so are those of teams. One of each kind is made with names that stand nowhere
 * else, and its text filled in for all others, whenever it is read: the same bytes as making each, in a hundredth of the time,
 * and in no room.
 */
export function* boardDocuments(parts: BoardSetParts, schema: BoardSchema = 'classic'): Generator<BoardDocument> {
  const templates = new Map<string, Template>();
  for (const { make, alike } of boardRecipes(parts)) {
    if (alike === undefined || !Object.values(alike.names).every(isPlainName)) {
      yield packed(boardDocument(make(), schema));
      continue;
    }
    const standIns = standInsFor(alike);
    const kind = JSON.stringify([alike.kind, standIns]);
    let template = templates.get(kind);
    if (template === undefined) templates.set(kind, (template = templateOf(alike, standIns, schema)));
    yield filled(template, alike);
  }
}

/** A document in pieces, between which names stand. */
interface Template {
  readonly title: readonly string[];
  readonly json: readonly string[];
}

type Alike = NonNullable<BoardRecipe['alike']>;

/** Plain to look at, so that every way of writing names leaves it alone; and in nobody's language. */
function standIn(word: keyof BoardNames | 'uid'): string {
  return `${standInMark}${word}7qz`;
}

/** What stands in for names: one that its mesh makes something else of stays. */
function standInsFor({ names, isAlike }: Alike): BoardNames {
  const words = Object.entries(names) as readonly (readonly [keyof BoardNames, string])[];
  return Object.fromEntries(
    words.map(([word, name]) => [word, isAlike(word, standIn(word)) ? standIn(word) : name] as const),
  );
}

function templateOf({ makeFor }: Alike, standIns: BoardNames, schema: BoardSchema): Template {
  const { uid, title, json } = boardDocument(makeFor(standIns), schema);
  return { title: pieces(title), json: pieces(json.replaceAll(uid, standIn('uid'))) };
}

/** Texts at even places, and at odd ones which of the names stands between them. */
function pieces(text: string): readonly string[] {
  return text.split(/zq7(namespace|service|owner|uid)7qz/);
}

function filled({ title, json }: Template, { names, uid }: Alike): BoardDocument {
  const words: Readonly<Record<string, string>> = { ...names, uid };
  const text = (parts: readonly string[]): string =>
    parts.map((part, index) => (index % 2 === 0 ? part : words[part]!)).join('');
  return {
    uid,
    title: text(title),
    get json() {
      return text(json);
    },
  };
}

/** Thousands that can be filled in from nothing are some hundred MB as texts. */
function packed({ uid, title, json }: BoardDocument): BoardDocument {
  const text = packedText(json);
  return {
    uid,
    title,
    get json() {
      return text();
    },
  };
}
