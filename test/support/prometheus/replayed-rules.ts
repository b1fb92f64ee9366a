import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { findProgram } from '../find-program.js';
import { levelsOf } from './record-rules.js';
import type { Rule, RuleGroup } from './rule-file.js';
import type { VictoriaStore } from './victoria-store.js';

/**
 * Lets a real vmalert evaluate rules over a stretch of the past, and write into a VictoriaMetrics what it records and which alerts fire
 * (`ALERTS`), as its replay does.
 *
 * A replay takes one rule after the other through all of its time, and what it writes can be read a second later. So rules are replayed in
 * turn: what others read first, each turn by a vmalert of its own, and read by the next one when it is written. Texts of alerts are left
 * out, as a replay does not know their queries.
 *
 * @see https://docs.victoriametrics.com/victoriametrics/vmalert/#rules-backfilling
 */
export async function replayRules(
  store: VictoriaStore,
  groups: readonly RuleGroup[],
  span: { readonly fromSeconds: number; readonly toSeconds: number },
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'meshslo-vmalert-'));
  const alerts = groups.flatMap((group) =>
    group.rules.filter(({ alert }) => alert !== undefined).map((rule) => ({ group, rule })),
  );
  for (const [place, level] of [...levelsOf(groups), alerts].entries()) {
    const file = join(folder, `${place}.yaml`);
    writeFileSync(file, stringify({ groups: regrouped(level) }));
    await vmalert([
      `-rule=${file}`,
      `-datasource.url=${store.address}`,
      `-remoteWrite.url=${store.address}`,
      '-remoteWrite.flushInterval=50ms',
      '-replay.rulesDelay=0s',
      // Otherwise of five minutes, whatever the interval of a group is.
      '-datasource.queryStep=0s',
      '-replay.disableProgressBar',
      `-replay.timeFrom=${new Date(span.fromSeconds * 1000).toISOString()}`,
      `-replay.timeTo=${new Date(span.toSeconds * 1000).toISOString()}`,
      '-loggerLevel=ERROR',
    ]);
    await store.settle();
  }
  rmSync(folder, { recursive: true });
}

function regrouped(level: readonly { readonly group: RuleGroup; readonly rule: Rule }[]): readonly object[] {
  const byGroup = new Map<RuleGroup, Rule[]>();
  for (const { group, rule } of level) {
    const { record, alert, expr, labels } = rule;
    const bare = { ...(alert === undefined ? { record } : { alert }), expr, ...(labels && { labels }) };
    byGroup.set(group, [...(byGroup.get(group) ?? []), bare as Rule]);
  }
  return [...byGroup].map(([{ name, intervalSeconds }, rules]) => ({ name, interval: `${intervalSeconds}s`, rules }));
}

async function vmalert(args: readonly string[]): Promise<void> {
  const child = spawn(findProgram('vmalert')!, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (part: Buffer) => (said += String(part)));
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`vmalert ended with ${String(code)}: ${said}`);
}
