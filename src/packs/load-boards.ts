import { checkValue, mistake } from '../documents/checked-value.js';
import { readYamlFile } from '../documents/yaml-file.js';
import type { YamlDocument } from '../documents/yaml-document.js';
import type { Diagnostic } from '../domain/diagnostic.js';
import { boardMistakes } from './board-mistakes.js';
import type { BoardAddition, BoardPack, BoardPacks } from './board-pack.js';
import { additionSchema, boardSchema, vocabularySchema } from './board-schema.js';
import { boardVocabulary } from './board-vocabulary.js';
import { shippedFiles } from './definition-files.js';
import type { MetricWord } from './metric-vocabulary.js';

/**
 * The shipped packs and those of further files: a further board takes the place of a shipped one of its name, and what is
 * added to a mesh's boards is added to what is there.
 */
export function loadBoards(furtherFiles: readonly string[] = []): {
  readonly packs: BoardPacks;
  readonly diagnostics: readonly Diagnostic[];
} {
  const shipped = shippedBoards();
  const further = loadFiles(furtherFiles);
  const packs: BoardPacks = {
    boards: [...new Map([...shipped.boards, ...further.boards]).values()],
    additions: [...shipped.additions, ...further.additions],
    metrics: [...shipped.metrics, ...further.metrics],
  };
  const vocabulary = boardVocabulary(packs);
  const unknown = further.documents.flatMap((document) => boardMistakes(document, vocabulary));
  return { packs, diagnostics: [...shipped.diagnostics, ...further.diagnostics, ...unknown] };
}

let known: Loaded | undefined;

/** Read once: they do not change while meshslo runs, and every look at a configuration wants them. */
function shippedBoards(): Loaded {
  return (known ??= loadFiles(shippedFiles('dashboards')));
}

interface Loaded {
  readonly boards: Map<string, BoardPack>;
  readonly additions: BoardAddition[];
  readonly metrics: MetricWord[];
  readonly diagnostics: Diagnostic[];
  readonly documents: YamlDocument[];
}

function loadFiles(files: readonly string[]): Loaded {
  const loaded: Loaded = { boards: new Map(), additions: [], metrics: [], diagnostics: [], documents: [] };
  for (const file of files) {
    const reading = readYamlFile(file);
    loaded.diagnostics.push(...reading.diagnostics);
    loaded.documents.push(...reading.documents);
    for (const document of reading.documents) loadDocument(document, loaded);
  }
  return loaded;
}

/** What a document is, its first key tells: a board, what a mesh adds to boards, or words alone. */
function loadDocument(document: YamlDocument, { boards, additions, metrics, diagnostics }: Loaded): void {
  const keys = Object.keys(document.value ?? {});
  if (keys.includes('mesh')) {
    const { value, diagnostics: found } = checkValue(document, additionSchema);
    diagnostics.push(...found);
    if (value) additions.push({ ...value, rows: new Map(Object.entries(value.rows)) });
  } else if (keys.includes('board')) {
    const { value, diagnostics: found } = checkValue(document, boardSchema);
    diagnostics.push(...found);
    if (value === undefined) return;
    const { board: name, range, each = value.title, control_planes: controlPlanes, ...rest } = value;
    if (boards.has(name))
      diagnostics.push(mistake(document, ['board'], 'duplicate-board', `board ${name} is there twice`));
    boards.set(name, { name, rangeSeconds: range, each, controlPlanes, ...rest });
  } else {
    const { value, diagnostics: found } = checkValue(document, vocabularySchema);
    diagnostics.push(...found);
    metrics.push(...(value?.metrics ?? []));
  }
}
