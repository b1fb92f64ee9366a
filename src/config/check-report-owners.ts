import type { Diagnostic } from '../domain/diagnostic.js';
import { mistake } from '../documents/checked-value.js';
import { nearestWord } from '../documents/nearest-word.js';
import type { YamlDocument } from '../documents/yaml-document.js';
import { reachesAnybody } from './check-destinations.js';
import { ownersIn } from './check-owners.js';
import { fitsPattern } from './file-patterns.js';
import type { ReportSettings } from './reports.js';

/**
 * Owners whose reports go to the default for want of an address of their own, or to nobody: each is said once, where it is
 * first named. Where no team has an address of its own, nobody has forgotten one.
 *
 * @param documents meshslo.yaml, then the SLO files
 */
export function checkReportOwners(
  documents: readonly YamlDocument[],
  { teams, fallback }: ReportSettings,
): readonly Diagnostic[] {
  // With a default alone, that is where all of them are meant to go.
  if (teams.length === 0) return [];
  const hasDefault = reachesAnybody(fallback);
  const said = new Set<string>();
  return documents.flatMap((document) =>
    ownersIn(document).flatMap(({ owner, path }) => {
      if (said.has(owner)) return [];
      said.add(owner);
      if (teams.some((team) => fitsPattern(team.owner, owner))) return [];
      const where = hasDefault ? 'it goes to the default' : 'it is sent to nobody';
      const message = `owner ${JSON.stringify(owner)} has no address for its report: ${where}`;
      const meant = nearestWord(
        owner,
        teams.map((team) => team.owner),
      );
      const hint = meant === undefined ? 'write a team under reports.teams' : `there is one for ${meant}`;
      return [mistake(document, path, 'owner-without-address', message, { severity: 'warning', hint })];
    }),
  );
}
