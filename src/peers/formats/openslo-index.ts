import type { YamlDocument } from '../../documents/yaml-document.js';
import { mapOf, textOf } from './written.js';

/** What documents of OpenSLO are referred to by, over all files that are read together. */
export class OpenSloIndex {
  readonly #byKindAndName = new Map<string, YamlDocument>();

  constructor(documents: readonly YamlDocument[]) {
    for (const document of documents) {
      const root = mapOf(document.value);
      const name = textOf(mapOf(root['metadata'])['name']);
      const key = `${textOf(root['kind']) ?? ''}/${name ?? ''}`;
      if (name !== undefined && !this.#byKindAndName.has(key)) this.#byKindAndName.set(key, document);
    }
  }

  /** The SLI of a name. */
  sli(name: string): YamlDocument | undefined {
    return this.#byKindAndName.get(`SLI/${name}`);
  }

  labelsOfService(name: string): unknown {
    return mapOf(mapOf(this.#byKindAndName.get(`Service/${name}`)?.value)['metadata'])['labels'];
  }

  /** What kind of source a DataSource is. */
  typeOfSource(name: string): string | undefined {
    return textOf(mapOf(mapOf(this.#byKindAndName.get(`DataSource/${name}`)?.value)['spec'])['type']);
  }
}
