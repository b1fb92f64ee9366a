interface TeamChoiceProps {
  readonly teams: readonly string[];
  /** Undefined for the whole organisation. */
  readonly team: string | undefined;
  readonly onChoose: (team: string | undefined) => void;
}

/** Whose report it is. */
export function TeamChoice({ teams, team, onChoose }: TeamChoiceProps) {
  if (teams.length === 0 && team === undefined) return null;
  const all = team === undefined || teams.includes(team) ? teams : [...teams, team];
  return (
    <p class="team-choice">
      <label for="report-team">Of</label>{' '}
      <select
        id="report-team"
        value={team ?? ''}
        onChange={(event) => onChoose(event.currentTarget.value || undefined)}
      >
        <option value="">the organisation</option>
        {all.map((one) => (
          <option key={one} value={one}>
            {one}
          </option>
        ))}
      </select>
    </p>
  );
}
