import { serviceText } from '../peers/taken-slo.js';
import type { ImportView } from './import-view.js';

/** What became of an import, for programs. */
export function importJson({ imported, statuses, out }: ImportView): object {
  const { found, taken, diagnostics, strangers } = imported;
  return {
    found,
    taken,
    files: imported.files.map((file) => ({
      file: file.name,
      status: statuses.get(file),
      service: serviceText(file.service),
      owner: file.service.owner,
      slos: file.slos.map(({ sloName, window, from, promise: { mesh, indicator, perspective, filter } }) => ({
        name: sloName,
        was: from.title,
        position: from.document.position(from.path),
        mesh,
        indicator,
        objective: from.objective,
        window,
        perspective: perspective ?? 'server',
        filter,
        budgeting: from.budgeting,
        pages: from.pages,
      })),
      ...(out === undefined && { text: file.text }),
    })),
    notTaken: diagnostics.filter(({ severity }) => severity === 'error'),
    differences: diagnostics.filter(({ severity }) => severity === 'warning'),
    passedOver: [...new Set(strangers.map(({ file }) => file))],
  };
}
